namespace IlgpuDca.Loader.Tests;

/// <summary>An entry of <see cref="GgufBuilder"/>; what is null follows from the data.</summary>
sealed class GgufBuilderTensor
{
    public required string Name { get; set; }

    public required uint Type { get; set; }

    public required ulong[] Dimensions { get; set; }

    public required byte[] Data { get; set; }

    public uint? DimensionCount { get; set; }

    public ulong? Offset { get; set; }
}
