namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>What is remembered of a word, or of a byte: the last write, and what has touched it since.</summary>
struct ShadowCell
{
    public int Writer;

    /// <summary>0 when nobody has written.</summary>
    public int WriteEpoch;

    public int WriteSite;

    /// <summary>Some of the touches are atomics: reads are compared with them.</summary>
    public bool HasAtomics;

    /// <summary>The first of the <see cref="Touches"/>; 0 for none.</summary>
    public int First;
}
