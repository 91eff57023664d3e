namespace ILGPU.Runtime;

/// <summary>Launches kernels of 11 parameters.</summary>
sealed class KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(Kernel kernel) : KernelLauncher(kernel)
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
    where T11 : struct
{
    /// <summary>Launches on the default stream.</summary>
    public void LaunchDefault(
        KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9, T10 a10, T11 a11) =>
        Launch(Kernel.Accelerator.DefaultStream, config, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11);

    /// <summary>Launches on the default stream over an extent.</summary>
    public void LaunchIndexedDefault(
        Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9, T10 a10, T11 a11) =>
        LaunchIndexed(Kernel.Accelerator.DefaultStream, extent, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11);

    /// <summary>Launches by groups.</summary>
    public void Launch(
        AcceleratorStream stream, KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8,
        T9 a9, T10 a10, T11 a11)
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
        ArgumentWriter<T11>.Write(ref writer, ref a11);
        Run(stream, config, slots);
    }

    /// <summary>Launches over an extent.</summary>
    public void LaunchIndexed(
        AcceleratorStream stream, Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9,
        T10 a10, T11 a11)
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
        ArgumentWriter<T11>.Write(ref writer, ref a11);
        Run(stream, extent, slots);
    }
}

/// <summary>Launches kernels of 12 parameters.</summary>
sealed class KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(Kernel kernel) : KernelLauncher(kernel)
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
    where T11 : struct
    where T12 : struct
{
    /// <summary>Launches on the default stream.</summary>
    public void LaunchDefault(
        KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9, T10 a10, T11 a11,
        T12 a12) =>
        Launch(Kernel.Accelerator.DefaultStream, config, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12);

    /// <summary>Launches on the default stream over an extent.</summary>
    public void LaunchIndexedDefault(
        Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9, T10 a10, T11 a11, T12 a12) =>
        LaunchIndexed(Kernel.Accelerator.DefaultStream, extent, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12);

    /// <summary>Launches by groups.</summary>
    public void Launch(
        AcceleratorStream stream, KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8,
        T9 a9, T10 a10, T11 a11, T12 a12)
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
        ArgumentWriter<T11>.Write(ref writer, ref a11);
        ArgumentWriter<T12>.Write(ref writer, ref a12);
        Run(stream, config, slots);
    }

    /// <summary>Launches over an extent.</summary>
    public void LaunchIndexed(
        AcceleratorStream stream, Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9,
        T10 a10, T11 a11, T12 a12)
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
        ArgumentWriter<T11>.Write(ref writer, ref a11);
        ArgumentWriter<T12>.Write(ref writer, ref a12);
        Run(stream, extent, slots);
    }
}

/// <summary>Launches kernels of 13 parameters.</summary>
sealed class KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>(Kernel kernel)
    : KernelLauncher(kernel)
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
    where T11 : struct
    where T12 : struct
    where T13 : struct
{
    /// <summary>Launches on the default stream.</summary>
    public void LaunchDefault(
        KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9, T10 a10, T11 a11,
        T12 a12, T13 a13) =>
        Launch(Kernel.Accelerator.DefaultStream, config, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13);

    /// <summary>Launches on the default stream over an extent.</summary>
    public void LaunchIndexedDefault(
        Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9, T10 a10, T11 a11, T12 a12,
        T13 a13) =>
        LaunchIndexed(
            Kernel.Accelerator.DefaultStream, extent, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13);

    /// <summary>Launches by groups.</summary>
    public void Launch(
        AcceleratorStream stream, KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8,
        T9 a9, T10 a10, T11 a11, T12 a12, T13 a13)
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
        ArgumentWriter<T11>.Write(ref writer, ref a11);
        ArgumentWriter<T12>.Write(ref writer, ref a12);
        ArgumentWriter<T13>.Write(ref writer, ref a13);
        Run(stream, config, slots);
    }

    /// <summary>Launches over an extent.</summary>
    public void LaunchIndexed(
        AcceleratorStream stream, Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9,
        T10 a10, T11 a11, T12 a12, T13 a13)
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
        ArgumentWriter<T11>.Write(ref writer, ref a11);
        ArgumentWriter<T12>.Write(ref writer, ref a12);
        ArgumentWriter<T13>.Write(ref writer, ref a13);
        Run(stream, extent, slots);
    }
}

/// <summary>Launches kernels of 14 parameters.</summary>
sealed class KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>(Kernel kernel)
    : KernelLauncher(kernel)
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
    where T11 : struct
    where T12 : struct
    where T13 : struct
    where T14 : struct
{
    /// <summary>Launches on the default stream.</summary>
    public void LaunchDefault(
        KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9, T10 a10, T11 a11,
        T12 a12, T13 a13, T14 a14) =>
        Launch(
            Kernel.Accelerator.DefaultStream, config, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14);

    /// <summary>Launches on the default stream over an extent.</summary>
    public void LaunchIndexedDefault(
        Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9, T10 a10, T11 a11, T12 a12,
        T13 a13, T14 a14) =>
        LaunchIndexed(
            Kernel.Accelerator.DefaultStream, extent, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14);

    /// <summary>Launches by groups.</summary>
    public void Launch(
        AcceleratorStream stream, KernelConfig config, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8,
        T9 a9, T10 a10, T11 a11, T12 a12, T13 a13, T14 a14)
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
        ArgumentWriter<T11>.Write(ref writer, ref a11);
        ArgumentWriter<T12>.Write(ref writer, ref a12);
        ArgumentWriter<T13>.Write(ref writer, ref a13);
        ArgumentWriter<T14>.Write(ref writer, ref a14);
        Run(stream, config, slots);
    }

    /// <summary>Launches over an extent.</summary>
    public void LaunchIndexed(
        AcceleratorStream stream, Index1D extent, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9,
        T10 a10, T11 a11, T12 a12, T13 a13, T14 a14)
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
        ArgumentWriter<T11>.Write(ref writer, ref a11);
        ArgumentWriter<T12>.Write(ref writer, ref a12);
        ArgumentWriter<T13>.Write(ref writer, ref a13);
        ArgumentWriter<T14>.Write(ref writer, ref a14);
        Run(stream, extent, slots);
    }
}
