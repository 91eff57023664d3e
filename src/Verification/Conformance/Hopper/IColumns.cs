namespace IlgpuDca.Verification.Conformance.Hopper;

/// <summary>How many columns a product has, for kernels: a constant.</summary>
interface IColumns
{
    /// <summary>8 to 256, a multiple of 8.</summary>
    static abstract int Count { get; }
}

readonly struct Columns8 : IColumns
{
    public static int Count => 8;
}

readonly struct Columns24 : IColumns
{
    public static int Count => 24;
}

readonly struct Columns64 : IColumns
{
    public static int Count => 64;
}

readonly struct Columns136 : IColumns
{
    public static int Count => 136;
}

readonly struct Columns256 : IColumns
{
    public static int Count => 256;
}
