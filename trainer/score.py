"""
Log-probabilities of the trained tokens of rows, by the base alone and with its adapter, in the runtime that trains.

usage: python score.py REQUEST.json OUT.jsonl      REQUEST: {"base", "adapter", "precision", "rows": [{"id", "pieces"}]}
"""

import json
import os
import sys

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", TOKENIZERS_PARALLELISM="false")

import torch  # noqa: E402
from peft import PeftModel  # noqa: E402
from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: E402

from precision import kind_of  # noqa: E402
from rows import encode  # noqa: E402


def main(request_path, out_path):
    with open(request_path, encoding="utf-8") as file:
        request = json.load(file)
    tokenizer = AutoTokenizer.from_pretrained(request["base"])
    kind = kind_of(request["precision"])
    model = AutoModelForCausalLM.from_pretrained(request["base"], dtype=kind, attn_implementation="sdpa")
    model = PeftModel.from_pretrained(model, request["adapter"]).eval()
    with open(out_path, "w", encoding="utf-8") as out:
        for row in request["rows"]:
            ids, labels = encode(row["pieces"], tokenizer)
            tuned = log_probabilities(model, ids, labels, kind)
            with model.disable_adapter():
                base = log_probabilities(model, ids, labels, kind)
            out.write(json.dumps({"id": row["id"], "ids": ids, "end": tokenizer.eos_token_id, "base": base, "tuned": tuned}) + "\n")


def log_probabilities(model, ids, labels, kind):
    """One figure for each trained token, in their order."""
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=kind == torch.bfloat16):
        logits = model(input_ids=torch.tensor([ids]), use_cache=False).logits[0].float()
    scores = torch.log_softmax(logits, dim=-1)
    return [scores[at - 1, label].item() for at, label in enumerate(labels) if label != -100 and at > 0]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python score.py REQUEST.json OUT.jsonl")
    main(*sys.argv[1:])
