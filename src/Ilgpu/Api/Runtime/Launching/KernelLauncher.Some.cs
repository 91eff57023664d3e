namespace ILGPU.Runtime;

/// <summary>Launches kernels of 6 parameters.</summary>
sealed class KernelLauncher<T1, T2, T3, T4, T5, T6>(Kernel kernel) : KernelLauncher(kernel)
    where T1 : struct
    where T2 : struct
    where T3 : struct
    where T4 : struct
    where T5 : struct
    where T6 : struct
{
    /// <summary>Launches on the default stream.</summary>
    public void LaunchDefault(KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6) =>
        Launch(Kernel.Accelerator.DefaultStream, config, a1, a2, a3, a4, a5, a6);

    /// <summary>Launches on the default stream over an extent.</summary>
    public void LaunchIndexedDefault(Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6) =>
        LaunchIndexed(Kernel.Accelerator.DefaultStream, extent, a1, a2, a3, a4, a5, a6);

    /// <summary>Launches by groups.</summary>
    public void Launch(AcceleratorStream stream, KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Explicit(slots);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        ArgumentWriter<T3>.Write(ref writer, ref a3);
        ArgumentWriter<T4>.Write(ref writer, ref a4);
        ArgumentWriter<T5>.Write(ref writer, ref a5);
        ArgumentWriter<T6>.Write(ref writer, ref a6);
        Run(stream, config, slots);
    }

    /// <summary>Launches over an extent.</summary>
    public void LaunchIndexed(AcceleratorStream stream, Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Implicit(slots, extent);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        ArgumentWriter<T3>.Write(ref writer, ref a3);
        ArgumentWriter<T4>.Write(ref writer, ref a4);
        ArgumentWriter<T5>.Write(ref writer, ref a5);
        ArgumentWriter<T6>.Write(ref writer, ref a6);
        Run(stream, extent, slots);
    }
}

/// <summary>Launches kernels of 7 parameters.</summary>
sealed class KernelLauncher<T1, T2, T3, T4, T5, T6, T7>(Kernel kernel) : KernelLauncher(kernel)
    where T1 : struct
    where T2 : struct
    where T3 : struct
    where T4 : struct
    where T5 : struct
    where T6 : struct
    where T7 : struct
{
    /// <summary>Launches on the default stream.</summary>
    public void LaunchDefault(KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7) =>
        Launch(Kernel.Accelerator.DefaultStream, config, a1, a2, a3, a4, a5, a6, a7);

    /// <summary>Launches on the default stream over an extent.</summary>
    public void LaunchIndexedDefault(Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7) =>
        LaunchIndexed(Kernel.Accelerator.DefaultStream, extent, a1, a2, a3, a4, a5, a6, a7);

    /// <summary>Launches by groups.</summary>
    public void Launch(AcceleratorStream stream, KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Explicit(slots);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        ArgumentWriter<T3>.Write(ref writer, ref a3);
        ArgumentWriter<T4>.Write(ref writer, ref a4);
        ArgumentWriter<T5>.Write(ref writer, ref a5);
        ArgumentWriter<T6>.Write(ref writer, ref a6);
        ArgumentWriter<T7>.Write(ref writer, ref a7);
        Run(stream, config, slots);
    }

    /// <summary>Launches over an extent.</summary>
    public void LaunchIndexed(
        AcceleratorStream stream, Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Implicit(slots, extent);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        ArgumentWriter<T3>.Write(ref writer, ref a3);
        ArgumentWriter<T4>.Write(ref writer, ref a4);
        ArgumentWriter<T5>.Write(ref writer, ref a5);
        ArgumentWriter<T6>.Write(ref writer, ref a6);
        ArgumentWriter<T7>.Write(ref writer, ref a7);
        Run(stream, extent, slots);
    }
}

/// <summary>Launches kernels of 8 parameters.</summary>
sealed class KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8>(Kernel kernel) : KernelLauncher(kernel)
    where T1 : struct
    where T2 : struct
    where T3 : struct
    where T4 : struct
    where T5 : struct
    where T6 : struct
    where T7 : struct
    where T8 : struct
{
    /// <summary>Launches on the default stream.</summary>
    public void LaunchDefault(KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8) =>
        Launch(Kernel.Accelerator.DefaultStream, config, a1, a2, a3, a4, a5, a6, a7, a8);

    /// <summary>Launches on the default stream over an extent.</summary>
    public void LaunchIndexedDefault(Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8) =>
        LaunchIndexed(Kernel.Accelerator.DefaultStream, extent, a1, a2, a3, a4, a5, a6, a7, a8);

    /// <summary>Launches by groups.</summary>
    public void Launch(
        AcceleratorStream stream, KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Explicit(slots);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        ArgumentWriter<T3>.Write(ref writer, ref a3);
        ArgumentWriter<T4>.Write(ref writer, ref a4);
        ArgumentWriter<T5>.Write(ref writer, ref a5);
        ArgumentWriter<T6>.Write(ref writer, ref a6);
        ArgumentWriter<T7>.Write(ref writer, ref a7);
        ArgumentWriter<T8>.Write(ref writer, ref a8);
        Run(stream, config, slots);
    }

    /// <summary>Launches over an extent.</summary>
    public void LaunchIndexed(
        AcceleratorStream stream, Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Implicit(slots, extent);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        ArgumentWriter<T3>.Write(ref writer, ref a3);
        ArgumentWriter<T4>.Write(ref writer, ref a4);
        ArgumentWriter<T5>.Write(ref writer, ref a5);
        ArgumentWriter<T6>.Write(ref writer, ref a6);
        ArgumentWriter<T7>.Write(ref writer, ref a7);
        ArgumentWriter<T8>.Write(ref writer, ref a8);
        Run(stream, extent, slots);
    }
}

/// <summary>Launches kernels of 9 parameters.</summary>
sealed class KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9>(Kernel kernel) : KernelLauncher(kernel)
    where T1 : struct
    where T2 : struct
    where T3 : struct
    where T4 : struct
    where T5 : struct
    where T6 : struct
    where T7 : struct
    where T8 : struct
    where T9 : struct
{
    /// <summary>Launches on the default stream.</summary>
    public void LaunchDefault(KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9) =>
        Launch(Kernel.Accelerator.DefaultStream, config, a1, a2, a3, a4, a5, a6, a7, a8, a9);

    /// <summary>Launches on the default stream over an extent.</summary>
    public void LaunchIndexedDefault(Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9) =>
        LaunchIndexed(Kernel.Accelerator.DefaultStream, extent, a1, a2, a3, a4, a5, a6, a7, a8, a9);

    /// <summary>Launches by groups.</summary>
    public void Launch(
        AcceleratorStream stream, KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Explicit(slots);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        ArgumentWriter<T3>.Write(ref writer, ref a3);
        ArgumentWriter<T4>.Write(ref writer, ref a4);
        ArgumentWriter<T5>.Write(ref writer, ref a5);
        ArgumentWriter<T6>.Write(ref writer, ref a6);
        ArgumentWriter<T7>.Write(ref writer, ref a7);
        ArgumentWriter<T8>.Write(ref writer, ref a8);
        ArgumentWriter<T9>.Write(ref writer, ref a9);
        Run(stream, config, slots);
    }

    /// <summary>Launches over an extent.</summary>
    public void LaunchIndexed(
        AcceleratorStream stream, Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Implicit(slots, extent);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        ArgumentWriter<T3>.Write(ref writer, ref a3);
        ArgumentWriter<T4>.Write(ref writer, ref a4);
        ArgumentWriter<T5>.Write(ref writer, ref a5);
        ArgumentWriter<T6>.Write(ref writer, ref a6);
        ArgumentWriter<T7>.Write(ref writer, ref a7);
        ArgumentWriter<T8>.Write(ref writer, ref a8);
        ArgumentWriter<T9>.Write(ref writer, ref a9);
        Run(stream, extent, slots);
    }
}

/// <summary>Launches kernels of 10 parameters.</summary>
sealed class KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(Kernel kernel) : KernelLauncher(kernel)
    where T1 : struct
    where T2 : struct
    where T3 : struct
    where T4 : struct
    where T5 : struct
    where T6 : struct
    where T7 : struct
    where T8 : struct
    where T9 : struct
    where T10 : struct
{
    /// <summary>Launches on the default stream.</summary>
    public void LaunchDefault(
        KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9, T10 a10) =>
        Launch(Kernel.Accelerator.DefaultStream, config, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10);

    /// <summary>Launches on the default stream over an extent.</summary>
    public void LaunchIndexedDefault(
        Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9, T10 a10) =>
        LaunchIndexed(Kernel.Accelerator.DefaultStream, extent, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10);

    /// <summary>Launches by groups.</summary>
    public void Launch(
        AcceleratorStream stream, KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8,
        T9 a9, T10 a10)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Explicit(slots);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        ArgumentWriter<T3>.Write(ref writer, ref a3);
        ArgumentWriter<T4>.Write(ref writer, ref a4);
        ArgumentWriter<T5>.Write(ref writer, ref a5);
        ArgumentWriter<T6>.Write(ref writer, ref a6);
        ArgumentWriter<T7>.Write(ref writer, ref a7);
        ArgumentWriter<T8>.Write(ref writer, ref a8);
        ArgumentWriter<T9>.Write(ref writer, ref a9);
        ArgumentWriter<T10>.Write(ref writer, ref a10);
        Run(stream, config, slots);
    }

    /// <summary>Launches over an extent.</summary>
    public void LaunchIndexed(
        AcceleratorStream stream, Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9,
        T10 a10)
    {
        Span<ulong> slots = stackalloc ulong[SlotCount];
        SlotWriter writer = Implicit(slots, extent);
        ArgumentWriter<T1>.Write(ref writer, ref a1);
        ArgumentWriter<T2>.Write(ref writer, ref a2);
        ArgumentWriter<T3>.Write(ref writer, ref a3);
        ArgumentWriter<T4>.Write(ref writer, ref a4);
        ArgumentWriter<T5>.Write(ref writer, ref a5);
        ArgumentWriter<T6>.Write(ref writer, ref a6);
        ArgumentWriter<T7>.Write(ref writer, ref a7);
        ArgumentWriter<T8>.Write(ref writer, ref a8);
        ArgumentWriter<T9>.Write(ref writer, ref a9);
        ArgumentWriter<T10>.Write(ref writer, ref a10);
        Run(stream, extent, slots);
    }
}
