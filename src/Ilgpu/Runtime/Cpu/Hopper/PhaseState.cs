namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>
/// What the 8 bytes of an mbarrier hold here. From bit 0: arrivals that the phase still needs (20 bits), arrivals of every phase
/// (20), bytes still to come (22, signed), the parity of the current phase (1), and 0: memory of NaN patterns is no barrier.
/// </summary>
record struct PhaseState(int Pending, int Expected, int Bytes, int Parity)
{
    /// <summary>The most arrivals of a phase, and the most bytes.</summary>
    public const int Limit = (1 << CountBits) - 1;

    const int CountBits = 20, ByteBits = 22, ByteShift = 2 * CountBits, ParityShift = ByteShift + ByteBits;

    /// <summary>Whether all that the phase waits for has come.</summary>
    public readonly bool IsComplete => Pending == 0 && Bytes == 0;

    /// <summary>Whether such bits were written by <see cref="Pack"/>.</summary>
    public static bool IsInitialized(ulong bits) => bits >> 63 == 0 && (bits >> CountBits & Limit) != 0;

    /// <summary>The parity alone.</summary>
    public static int ParityOf(ulong bits) => (int)(bits >> ParityShift) & 1;

    public static PhaseState Unpack(ulong bits) => new(
        (int)(bits & Limit), (int)(bits >> CountBits & Limit),
        (int)((long)(bits << 64 - ParityShift) >> 64 - ByteBits), ParityOf(bits));

    public readonly ulong Pack() => (uint)Pending | (ulong)(uint)Expected << CountBits
        | (ulong)(uint)(Bytes & (1 << ByteBits) - 1) << ByteShift | (ulong)(uint)Parity << ParityShift;
}
