using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// What emitted code reads about the group that it runs. Fields are named as <see cref="SpecialRegister"/>.
/// </summary>
unsafe struct GroupContext
{
    /// <summary>The launch's arguments, 8 bytes each.</summary>
    public ulong* Slots;

    /// <summary>The group's shared memory: fixed allocations, then the dynamic part.</summary>
    public byte* Shared;

    public int GridIdxX;
    public int GridIdxY;
    public int GridIdxZ;
    public int GridDimX;
    public int GridDimY;
    public int GridDimZ;
    public int GroupDimX;
    public int GroupDimY;
    public int GroupDimZ;
    public int DynamicSharedBytes;

    /// <summary>The linear index in its group of the thread that stands at position 0 of the emitted loop.</summary>
    public int FirstThread;
}
