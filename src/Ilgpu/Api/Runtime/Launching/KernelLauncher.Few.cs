namespace ILGPU.Runtime;

/// <summary>Launches kernels of 1 parameter.</summary>
sealed class KernelLauncher<T1>(Kernel kernel) : KernelLauncher(kernel)
    where T1 : struct
{
    /// <summary>Launches on the default stream.</summary>
    public void LaunchDefault(KernelConfig config, T1 a1) =>
        Launch(Kernel.Accelerator.DefaultStream, config, a1);

    /// <summary>Launches on the default stream over an extent.</summary>
    public void LaunchIndexedDefault(Index1D extent, T1 a1) =>
        LaunchIndexed(Kernel.Accelerator.DefaultStream, extent, a1);

    /// <summary>Launches by groups.</summary>
    public void Launch(AcceleratorStream stream, KernelConfig config, T1 a1)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Explicit(slots);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        Run(stream, config, slots);
    }

    /// <summary>Launches over an extent.</summary>
    public void LaunchIndexed(AcceleratorStream stream, Index1D extent, T1 a1)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Implicit(slots, extent);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        Run(stream, extent, slots);
    }
}

/// <summary>Launches kernels of 2 parameters.</summary>
sealed class KernelLauncher<T1, T2>(Kernel kernel) : KernelLauncher(kernel)
    where T1 : struct
    where T2 : struct
{
    /// <summary>Launches on the default stream.</summary>
    public void LaunchDefault(KernelConfig config, T1 a1, T2 a2) =>
        Launch(Kernel.Accelerator.DefaultStream, config, a1, a2);

    /// <summary>Launches on the default stream over an extent.</summary>
    public void LaunchIndexedDefault(Index1D extent, T1 a1, T2 a2) =>
        LaunchIndexed(Kernel.Accelerator.DefaultStream, extent, a1, a2);

    /// <summary>Launches by groups.</summary>
    public void Launch(AcceleratorStream stream, KernelConfig config, T1 a1, T2 a2)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Explicit(slots);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        Run(stream, config, slots);
    }

    /// <summary>Launches over an extent.</summary>
    public void LaunchIndexed(AcceleratorStream stream, Index1D extent, T1 a1, T2 a2)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Implicit(slots, extent);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        Run(stream, extent, slots);
    }
}

/// <summary>Launches kernels of 3 parameters.</summary>
sealed class KernelLauncher<T1, T2, T3>(Kernel kernel) : KernelLauncher(kernel)
    where T1 : struct
    where T2 : struct
    where T3 : struct
{
    /// <summary>Launches on the default stream.</summary>
    public void LaunchDefault(KernelConfig config, T1 a1, T2 a2, T3 a3) =>
        Launch(Kernel.Accelerator.DefaultStream, config, a1, a2, a3);

    /// <summary>Launches on the default stream over an extent.</summary>
    public void LaunchIndexedDefault(Index1D extent, T1 a1, T2 a2, T3 a3) =>
        LaunchIndexed(Kernel.Accelerator.DefaultStream, extent, a1, a2, a3);

    /// <summary>Launches by groups.</summary>
    public void Launch(AcceleratorStream stream, KernelConfig config, T1 a1, T2 a2, T3 a3)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Explicit(slots);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        ArgumentWriter<T3>.Write(ref writer, ref a3);
        Run(stream, config, slots);
    }

    /// <summary>Launches over an extent.</summary>
    public void LaunchIndexed(AcceleratorStream stream, Index1D extent, T1 a1, T2 a2, T3 a3)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Implicit(slots, extent);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        ArgumentWriter<T3>.Write(ref writer, ref a3);
        Run(stream, extent, slots);
    }
}

/// <summary>Launches kernels of 4 parameters.</summary>
sealed class KernelLauncher<T1, T2, T3, T4>(Kernel kernel) : KernelLauncher(kernel)
    where T1 : struct
    where T2 : struct
    where T3 : struct
    where T4 : struct
{
    /// <summary>Launches on the default stream.</summary>
    public void LaunchDefault(KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4) =>
        Launch(Kernel.Accelerator.DefaultStream, config, a1, a2, a3, a4);

    /// <summary>Launches on the default stream over an extent.</summary>
    public void LaunchIndexedDefault(Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4) =>
        LaunchIndexed(Kernel.Accelerator.DefaultStream, extent, a1, a2, a3, a4);

    /// <summary>Launches by groups.</summary>
    public void Launch(AcceleratorStream stream, KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Explicit(slots);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        ArgumentWriter<T3>.Write(ref writer, ref a3);
        ArgumentWriter<T4>.Write(ref writer, ref a4);
        Run(stream, config, slots);
    }

    /// <summary>Launches over an extent.</summary>
    public void LaunchIndexed(AcceleratorStream stream, Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Implicit(slots, extent);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        ArgumentWriter<T3>.Write(ref writer, ref a3);
        ArgumentWriter<T4>.Write(ref writer, ref a4);
        Run(stream, extent, slots);
    }
}

/// <summary>Launches kernels of 5 parameters.</summary>
sealed class KernelLauncher<T1, T2, T3, T4, T5>(Kernel kernel) : KernelLauncher(kernel)
    where T1 : struct
    where T2 : struct
    where T3 : struct
    where T4 : struct
    where T5 : struct
{
    /// <summary>Launches on the default stream.</summary>
    public void LaunchDefault(KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5) =>
        Launch(Kernel.Accelerator.DefaultStream, config, a1, a2, a3, a4, a5);

    /// <summary>Launches on the default stream over an extent.</summary>
    public void LaunchIndexedDefault(Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5) =>
        LaunchIndexed(Kernel.Accelerator.DefaultStream, extent, a1, a2, a3, a4, a5);

    /// <summary>Launches by groups.</summary>
    public void Launch(AcceleratorStream stream, KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Explicit(slots);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        ArgumentWriter<T3>.Write(ref writer, ref a3);
        ArgumentWriter<T4>.Write(ref writer, ref a4);
        ArgumentWriter<T5>.Write(ref writer, ref a5);
        Run(stream, config, slots);
    }

    /// <summary>Launches over an extent.</summary>
    public void LaunchIndexed(AcceleratorStream stream, Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Implicit(slots, extent);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        ArgumentWriter<T3>.Write(ref writer, ref a3);
        ArgumentWriter<T4>.Write(ref writer, ref a4);
        ArgumentWriter<T5>.Write(ref writer, ref a5);
        Run(stream, extent, slots);
    }
}
