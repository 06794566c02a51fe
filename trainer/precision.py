"""How numbers are kept: 16 bits where the processor multiplies them, which is no slower then; elsewhere they cost thirty times as much."""


def resolve(wanted, device):
    """`bf16` or `fp32`; `auto` is the first where it is quick on this device."""
    if wanted != "auto":
        return wanted
    import torch

    quick = torch.cuda.is_bf16_supported() if device == "cuda" else torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return "bf16" if quick else "fp32"


def kind_of(precision):
    import torch

    return torch.bfloat16 if precision == "bf16" else torch.float32
