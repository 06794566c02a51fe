"""
Writes a GGUF model as a checkpoint that can be trained on: weights in 32-bit floats, config and tokenizer.

usage: python dequantise.py MODEL.gguf FOLDER
"""

import os
import sys

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")

import torch  # noqa: E402
from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: E402


def main(source, folder):
    directory, name = os.path.split(os.path.abspath(source))
    tokenizer = AutoTokenizer.from_pretrained(directory, gguf_file=name)
    model = AutoModelForCausalLM.from_pretrained(directory, gguf_file=name, dtype=torch.float32)
    # What was read from GGUF counts as quantised, and would not be saved.
    model.hf_quantizer = None
    for mark in ("is_quantized", "quantization_method"):
        if hasattr(model, mark):
            try:
                delattr(model, mark)
            except AttributeError:
                setattr(model, mark, False)
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.config._name_or_path = ""
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python dequantise.py MODEL.gguf FOLDER")
    main(*sys.argv[1:])
