"""
Trains a LoRA adapter as `FOLDER/job.json` says and leaves it in `FOLDER/artifacts`: supervised fine-tuning, or DPO on pairs.

usage: python train.py FOLDER      (events go to descriptor 3, or to stdout where there is none)
"""

import json
import math
import os
import random
import resource
import signal
import sys
import time

os.environ.update(
    HF_HUB_OFFLINE="1",
    TRANSFORMERS_OFFLINE="1",
    HF_HUB_DISABLE_TELEMETRY="1",
    TOKENIZERS_PARALLELISM="false",
    OMP_WAIT_POLICY="PASSIVE",
)

from events import EXIT_CONFIG, EXIT_DIVERGED, EXIT_INTERRUPTED, EXIT_MEMORY, Events, Stop, last_sequence  # noqa: E402

PROJECTIONS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def main(folder):
    events = Events(3, last_sequence(os.path.join(folder, "events.jsonl")))
    try:
        train(folder, events)
        return 0
    except Stop as stop:
        events.emit("error", code=stop.code, message=str(stop))
        return stop.status
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            events.emit("error", code="trainer-failed", message=first_line(error))
            raise
        events.emit("error", code="trainer-memory", message=first_line(error))
        return EXIT_MEMORY
    except Exception as error:
        events.emit("error", code="trainer-failed", message=first_line(error))
        raise


def train(folder, events):
    with open(os.path.join(folder, "job.json"), encoding="utf-8") as file:
        job = json.load(file)
    settings = job["settings"]
    limit_memory(settings.get("memoryGb"))
    import torch

    import checkpoints
    import precision
    from rows import read_rows

    started = time.time()
    torch.set_num_threads(settings["threads"])
    torch.manual_seed(settings["seed"])
    device = "cuda" if torch.cuda.is_available() else "cpu"
    settings["precision"] = precision.resolve(settings["precision"], device)
    events.emit("hello", versions=versions(), device=device, threads=torch.get_num_threads(), precision=settings["precision"])
    tokenizer, model = load(job, settings, device)
    parameters = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    rows = read_rows(os.path.join(folder, "train.jsonl"), tokenizer, settings["maxTokens"], events)
    validation = read_rows(os.path.join(folder, "validation.jsonl"), tokenizer, settings["maxTokens"], events)
    if not rows:
        raise Stop("trainer-data", "no row is left to train on", 3)
    steps_of_epoch = math.ceil(len(rows) / settings["batchSize"])
    steps = max(1, round(steps_of_epoch * settings["epochs"]))
    if settings.get("maxSteps"):
        steps = min(steps, settings["maxSteps"])
    optimizer = torch.optim.AdamW([each for _, each in parameters], lr=settings["learningRate"], weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, warm_cosine(steps))
    step, seen = 0, 0
    identity = {"dataHash": job["dataHash"], "settings": settings, "versions": versions()}
    found = checkpoints.latest(folder)
    if found:
        state = checkpoints.read_state(found)
        if state["identity"] != identity:
            raise Stop("trainer-resume", "the data, the settings or the packages are others than before", EXIT_CONFIG)
        checkpoints.restore(found, parameters, optimizer, schedule)
        step, seen = state["step"], state["tokens"]
    events.emit(
        "phase",
        phase="train",
        rows=len(rows),
        validationRows=len(validation),
        steps=steps,
        fromStep=step,
        trainable=sum(each.numel() for _, each in parameters),
        seconds=round(time.time() - started, 2),
    )
    stop = Stopper()
    every = settings["checkpointEvery"]
    measured = Clock(seen)
    while step < steps:
        batch = batch_of(rows, step, steps_of_epoch, settings)
        step_of = preference_step if job["method"] == "dpo" else one_step
        loss, norm, accuracy, tokens = step_of(model, batch, parameters, optimizer, schedule, settings, tokenizer, device)
        step += 1
        seen += tokens
        if not math.isfinite(loss) or not math.isfinite(norm):
            raise Stop("trainer-diverged", f"the loss of step {step} is not a number", EXIT_DIVERGED)
        events.emit(
            "step",
            step=step,
            steps=steps,
            epoch=round(step / steps_of_epoch, 4),
            tokens=seen,
            loss=loss,
            tokenAccuracy=accuracy,
            gradientNorm=norm,
            learningRate=schedule.get_last_lr()[0],
            tokensPerSecond=round(measured.rate(seen), 2),
        )
        due = step % every == 0 or step == steps or stop.asked
        if due:
            value = validate(model, validation, settings, tokenizer, device, job["method"]) if validation else None
            if value is not None:
                events.emit("evaluation", step=step, steps=steps, validationLoss=value)
            checkpoints.save(folder, step, parameters, optimizer, schedule, {"identity": identity, "tokens": seen})
            events.emit("checkpoint", step=step, loss=loss, validationLoss=value)
        if stop.asked and step < steps:
            events.emit("interrupted", step=step, cpuSeconds=round(time.process_time(), 2))
            sys.exit(EXIT_INTERRUPTED)
    finish(folder, job, model, events, seen, started)


def load(job, settings, device):
    from peft import LoraConfig, get_peft_model
    from precision import kind_of
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(job["base"]["path"])
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    model = AutoModelForCausalLM.from_pretrained(
        job["base"]["path"], dtype=kind_of(settings["precision"]), attn_implementation="sdpa"
    ).to(device)
    config = LoraConfig(
        r=settings["rank"],
        lora_alpha=settings["alpha"],
        lora_dropout=0.0,
        bias="none",
        task_type="CAUSAL_LM",
        target_modules=PROJECTIONS,
    )
    model = get_peft_model(model, config)
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    model.train()
    return tokenizer, model


def batch_of(rows, step, steps_of_epoch, settings):
    """Rows of a step: a new order for each epoch, drawn from the seed and the epoch alone, so that it can be found again."""
    epoch = step // steps_of_epoch
    order = list(range(len(rows)))
    random.Random(f"{settings['seed']}:{epoch}").shuffle(order)
    start = (step % steps_of_epoch) * settings["batchSize"]
    return [rows[index] for index in order[start : start + settings["batchSize"]]]


def one_step(model, batch, parameters, optimizer, schedule, settings, tokenizer, device):
    """One optimizer step. The loss is the mean over the trained tokens of the batch, whatever parts it is computed in."""
    import torch

    from rows import micro_batches

    trained = sum(sum(label != -100 for label in row["labels"][1:]) for row in batch)
    total, right, tokens = 0.0, 0, 0
    for part in micro_batches(batch, settings["tokensAtOnce"]):
        summed, correct, count = summed_loss(model, part, settings, tokenizer, device)
        (summed / trained).backward()
        total += summed.item()
        right += correct
        tokens += count
    norm = update(parameters, optimizer, schedule)
    return total / trained, norm, right / trained, tokens


def update(parameters, optimizer, schedule):
    """One step along the gradients, which are cut at length 1; returns their length. One that is no number changes nothing."""
    import torch

    norm = torch.nn.utils.clip_grad_norm_([each for _, each in parameters], 1.0).item()
    if math.isfinite(norm):
        optimizer.step()
    schedule.step()
    optimizer.zero_grad(set_to_none=True)
    return norm


def preference_step(model, batch, parameters, optimizer, schedule, settings, tokenizer, device):
    """One step of DPO (Rafailov et al. 2023): the base without its adapter is the reference. Accuracy is the share of pairs in the right order."""
    total, right, tokens = 0.0, 0, 0
    for row in batch:
        loss, ordered = preference_loss(model, row, settings, tokenizer, device)
        (loss / len(batch)).backward()
        total += loss.item()
        right += ordered
        tokens += len(row["ids"]) + len(row["rejected"][0])
    return total / len(batch), update(parameters, optimizer, schedule), right / len(batch), tokens


def preference_loss(model, row, settings, tokenizer, device):
    import torch

    pair = [{"ids": row["ids"], "labels": row["labels"]}, {"ids": row["rejected"][0], "labels": row["rejected"][1]}]
    chosen, rejected = (-summed_loss(model, [side], settings, tokenizer, device)[0] for side in pair)
    with torch.no_grad(), model.disable_adapter():
        base_chosen, base_rejected = (-summed_loss(model, [side], settings, tokenizer, device)[0] for side in pair)
    margin = settings["beta"] * ((chosen - base_chosen) - (rejected - base_rejected))
    return -torch.nn.functional.logsigmoid(margin), int(margin.item() > 0)


def summed_loss(model, part, settings, tokenizer, device):
    """Sum of the losses of the trained tokens; only their positions pass through the output layer, which is the largest."""
    import torch

    longest = max(len(row["ids"]) for row in part)
    pad = lambda values, fill: values + [fill] * (longest - len(values))  # noqa: E731
    ids = torch.tensor([pad(row["ids"], tokenizer.pad_token_id) for row in part], device=device)
    mask = torch.tensor([pad([1] * len(row["ids"]), 0) for row in part], device=device)
    labels = torch.tensor([pad(row["labels"], -100) for row in part], device=device)
    body, head = model.base_model.model.model, model.base_model.model.lm_head
    with torch.autocast(device, dtype=torch.bfloat16, enabled=settings["precision"] == "bf16"):
        hidden = body(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state
        wanted = labels[:, 1:] != -100
        logits = head(hidden[:, :-1][wanted]).float()
    targets = labels[:, 1:][wanted]
    correct = int((logits.argmax(-1) == targets).sum())
    return torch.nn.functional.cross_entropy(logits, targets, reduction="sum"), correct, int(mask.sum())


def validate(model, rows, settings, tokenizer, device, method):
    """Mean loss over the validation rows: a trained token, or a pair for DPO."""
    import torch

    from rows import micro_batches

    model.eval()
    total, count = 0.0, 0
    with torch.no_grad():
        if method == "dpo":
            total = sum(preference_loss(model, row, settings, tokenizer, device)[0].item() for row in rows)
            count = len(rows)
            rows = []
        for part in micro_batches(rows, settings["tokensAtOnce"]):
            summed, _, _ = summed_loss(model, part, settings, tokenizer, device)
            total += summed.item()
            count += sum(sum(label != -100 for label in row["labels"][1:]) for row in part)
    model.train()
    return total / count


def finish(folder, job, model, events, tokens, started):
    """The adapter as PEFT and as GGUF, with what the caller needs to register it."""
    from gguf_adapter import write_gguf_adapter

    artifacts = os.path.join(folder, "artifacts")
    peft = os.path.join(artifacts, "peft")
    os.makedirs(peft, exist_ok=True)
    events.emit("phase", phase="export")
    model.save_pretrained(peft)
    write_gguf_adapter(peft, job["base"]["path"], os.path.join(artifacts, "adapter.gguf"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    cpu = time.process_time()
    events.emit("done", tokens=tokens, seconds=round(time.time() - started, 2), cpuSeconds=round(cpu, 2), peakGb=round(peak, 3), precision=job["settings"]["precision"])


def warm_cosine(steps):
    warm = max(1, steps // 20)
    return lambda step: min(1.0, (step + 1) / warm) * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))


class Stopper:
    """Notes a polite request to stop; the step that runs is finished first."""

    def __init__(self):
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)

    def _ask(self, *_):
        self.asked = True


class Clock:
    """Tokens a second of this process."""

    def __init__(self, tokens):
        self._tokens, self._started = tokens, time.time()

    def rate(self, tokens):
        return (tokens - self._tokens) / max(1e-9, time.time() - self._started)


def limit_memory(gigabytes):
    """Makes an allocation beyond a limit fail with an error that can be told, before the system kills the process."""
    if gigabytes:
        size = int(gigabytes * 1e9)
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def is_out_of_memory(error):
    text = str(error).lower()
    return isinstance(error, MemoryError) or "out of memory" in text or "can't allocate memory" in text


def first_line(error):
    return (str(error).splitlines() or [type(error).__name__])[0][:500]


def versions():
    import peft
    import torch
    import transformers

    return {"python": sys.version.split()[0], "torch": torch.__version__, "transformers": transformers.__version__, "peft": peft.__version__}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python train.py FOLDER")
    sys.exit(main(sys.argv[1]))
