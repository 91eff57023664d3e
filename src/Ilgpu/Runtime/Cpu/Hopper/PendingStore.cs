namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>A store that its thread has not waited for.</summary>
sealed class PendingStore(Caller caller, TensorBox box, bool add, int group)
{
    readonly TensorBox _box = box;

    public Caller Caller { get; } = caller;

    /// <summary>The thread's commits before it.</summary>
    public int Group { get; } = group;

    /// <summary>What was read from shared memory, until it is written.</summary>
    public byte[]? Data { get; private set; }

    public bool IsWritten { get; private set; }

    /// <summary>Whether the thread has waited until shared memory was read.</summary>
    public bool IsReadAwaited { get; set; }

    public unsafe void Read(byte* shared)
    {
        if (Data != null || IsWritten)
            return;
        Data = new byte[_box.Bytes];
        _box.Read(shared, Data);
    }

    public unsafe void Write(byte* shared)
    {
        if (IsWritten)
            return;
        Read(shared);
        _box.Write(Data, add);
        (Data, IsWritten) = (null, true);
    }
}
