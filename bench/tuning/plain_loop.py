"""The loop that one would write by hand with PEFT: the same rows, order, batches, precision and adapter as a job of ours. Prints tokens/s."""

import json
import random
import sys
import time

folder, trainer = sys.argv[1:]
sys.path.insert(0, trainer)

import torch  # noqa: E402
from peft import LoraConfig, get_peft_model  # noqa: E402
from precision import kind_of, resolve  # noqa: E402
from rows import encode  # noqa: E402
from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: E402

job = json.load(open(f"{folder}/job.json", encoding="utf-8"))
settings = job["settings"]
torch.set_num_threads(settings["threads"])
kind = kind_of(resolve(settings["precision"], "cpu"))
tokenizer = AutoTokenizer.from_pretrained(job["base"]["path"])
model = AutoModelForCausalLM.from_pretrained(job["base"]["path"], dtype=kind, attn_implementation="sdpa")
projections = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
model = get_peft_model(
    model, LoraConfig(r=settings["rank"], lora_alpha=settings["alpha"], task_type="CAUSAL_LM", target_modules=projections)
)
model.train()
rows = [encode(json.loads(line)["pieces"], tokenizer) for line in open(f"{folder}/train.jsonl", encoding="utf-8")]
optimizer = torch.optim.AdamW([each for each in model.parameters() if each.requires_grad], lr=settings["learningRate"])
steps_of_epoch = -(-len(rows) // settings["batchSize"])
times, counts = [], []
for step in range(settings["maxSteps"]):
    order = list(range(len(rows)))
    random.Random(f"{settings['seed']}:{step // steps_of_epoch}").shuffle(order)
    start = (step % steps_of_epoch) * settings["batchSize"]
    batch = [rows[index] for index in order[start : start + settings["batchSize"]]]
    begun = time.time()
    longest = max(len(ids) for ids, _ in batch)
    pad = lambda values, fill: values + [fill] * (longest - len(values))  # noqa: E731
    ids = torch.tensor([pad(each, tokenizer.eos_token_id) for each, _ in batch])
    labels = torch.tensor([pad(each, -100) for _, each in batch])
    mask = torch.tensor([pad([1] * len(each), 0) for each, _ in batch])
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=kind == torch.bfloat16):
        loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    times.append(time.time() - begun)
    counts.append(int(mask.sum()))
print(json.dumps({"seconds": sum(times[2:]), "tokens": sum(counts[2:]), "loss": loss.item()}))
