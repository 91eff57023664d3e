namespace IlgpuDca.Loader.Tests;

/// <summary>How <see cref="PackedModel"/> packs its matrices.</summary>
public enum PackedModelKind
{
    Awq,
    Gptq,
    GptqActOrder,
    GptqSecondFormat,
    Float8Tensor,
    Float8Channels,
    Float8Blocks,
}
