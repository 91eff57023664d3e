using System.Runtime.CompilerServices;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>The coordinates of a box's first element, the fastest first.</summary>
[InlineArray(Count)]
struct Coordinates
{
    /// <summary>The most dimensions.</summary>
    public const int Count = 5;

    int _first;
}
