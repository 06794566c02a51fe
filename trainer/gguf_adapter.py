"""A LoRA adapter of PEFT as the GGUF file that llama.cpp loads beside its base."""

import json
import os
import re

import gguf
import numpy as np
from safetensors.numpy import load_file

from events import EXIT_CONFIG, Stop

ARCHITECTURES = {"llama": "llama", "mistral": "llama", "gemma3_text": "gemma3", "qwen2": "qwen2", "qwen3": "qwen3"}
TENSORS = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
NAME = re.compile(r"base_model\.model\.model\.layers\.(\d+)\.(.+)\.lora_([AB])\.weight")


def write_gguf_adapter(adapter, base, path):
    """Writes `path` in 16-bit floats. llama.cpp turns pairs of rows of q and k of this architecture, so lora_B is permuted too."""
    with open(os.path.join(adapter, "adapter_config.json"), encoding="utf-8") as file:
        config = json.load(file)
    with open(os.path.join(base, "config.json"), encoding="utf-8") as file:
        base_config = json.load(file)
    base_config = base_config.get("text_config", base_config)
    architecture = ARCHITECTURES.get(base_config["model_type"])
    if architecture is None:
        raise Stop("trainer-export", f'no GGUF adapter for the architecture {base_config["model_type"]}', EXIT_CONFIG)
    heads = base_config["num_attention_heads"]
    heads_of = {"self_attn.q_proj": heads, "self_attn.k_proj": base_config.get("num_key_value_heads") or heads}
    draft = f"{path}.tmp"
    writer = gguf.GGUFWriter(draft, architecture)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, scale_of(config))
    for name, weight in sorted(load_file(os.path.join(adapter, "adapter_model.safetensors")).items()):
        found = NAME.fullmatch(name)
        if not found or found[2] not in TENSORS:
            raise Stop("trainer-export", f"the adapter changes {name}, which GGUF adapters cannot hold", EXIT_CONFIG)
        layer, module, side = found.groups()
        weight = weight.astype(np.float32)
        if side == "B" and architecture == "llama" and module in heads_of:
            weight = permuted(weight, heads_of[module])
        writer.add_tensor(f"blk.{layer}.{TENSORS[module]}.weight.lora_{side.lower()}", np.ascontiguousarray(weight.astype(np.float16)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    os.replace(draft, path)


def permuted(weight, heads):
    """Rows as llama.cpp keeps them: the two halves of each head interleaved."""
    rows = weight.shape[0]
    return weight.reshape(heads, 2, rows // heads // 2, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)


def scale_of(config):
    """llama.cpp scales by alpha / rank; rank-stabilised LoRA by alpha / sqrt(rank)."""
    alpha = float(config["lora_alpha"])
    return alpha * config["r"] ** 0.5 if config.get("use_rslora") else alpha
