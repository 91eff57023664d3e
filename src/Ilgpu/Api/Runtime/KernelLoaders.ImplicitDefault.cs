namespace ILGPU.Runtime;

/// <summary>Launchers that take an extent and use the default stream, for groups of a size.</summary>
partial class KernelLoaders
{
    /// <summary>A launcher over an extent: 1 parameter.</summary>
    public static Action<TIndex, T1>
        LoadImplicitlyGroupedStreamKernel<TIndex, T1>(
            this Accelerator accelerator, Action<TIndex, T1> action, int customGroupSize)
        where TIndex : struct, IIndex
        where T1 : struct =>
        Typed<Action<TIndex, T1>>(
            (Action<Index1D, T1>)
            new KernelLauncher<T1>(Implicit(accelerator, action, customGroupSize)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 2 parameters.</summary>
    public static Action<TIndex, T1, T2>
        LoadImplicitlyGroupedStreamKernel<TIndex, T1, T2>(
            this Accelerator accelerator, Action<TIndex, T1, T2> action, int customGroupSize)
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct =>
        Typed<Action<TIndex, T1, T2>>(
            (Action<Index1D, T1, T2>)
            new KernelLauncher<T1, T2>(Implicit(accelerator, action, customGroupSize)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 3 parameters.</summary>
    public static Action<TIndex, T1, T2, T3>
        LoadImplicitlyGroupedStreamKernel<TIndex, T1, T2, T3>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3> action, int customGroupSize)
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct
        where T3 : struct =>
        Typed<Action<TIndex, T1, T2, T3>>(
            (Action<Index1D, T1, T2, T3>)
            new KernelLauncher<T1, T2, T3>(Implicit(accelerator, action, customGroupSize)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 4 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4>
        LoadImplicitlyGroupedStreamKernel<TIndex, T1, T2, T3, T4>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4> action, int customGroupSize)
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct =>
        Typed<Action<TIndex, T1, T2, T3, T4>>(
            (Action<Index1D, T1, T2, T3, T4>)
            new KernelLauncher<T1, T2, T3, T4>(Implicit(accelerator, action, customGroupSize)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 5 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5>
        LoadImplicitlyGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5> action, int customGroupSize)
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct =>
        Typed<Action<TIndex, T1, T2, T3, T4, T5>>(
            (Action<Index1D, T1, T2, T3, T4, T5>)
            new KernelLauncher<T1, T2, T3, T4, T5>(
                Implicit(accelerator, action, customGroupSize)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 6 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6>
        LoadImplicitlyGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5, T6> action, int customGroupSize)
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        where T6 : struct =>
        Typed<Action<TIndex, T1, T2, T3, T4, T5, T6>>(
            (Action<Index1D, T1, T2, T3, T4, T5, T6>)
            new KernelLauncher<T1, T2, T3, T4, T5, T6>(
                Implicit(accelerator, action, customGroupSize)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 7 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7>
        LoadImplicitlyGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5, T6, T7> action, int customGroupSize)
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        where T6 : struct
        where T7 : struct =>
        Typed<Action<TIndex, T1, T2, T3, T4, T5, T6, T7>>(
            (Action<Index1D, T1, T2, T3, T4, T5, T6, T7>)
            new KernelLauncher<T1, T2, T3, T4, T5, T6, T7>(
                Implicit(accelerator, action, customGroupSize)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 8 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8>
        LoadImplicitlyGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8> action, int customGroupSize)
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        where T6 : struct
        where T7 : struct
        where T8 : struct =>
        Typed<Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8>>(
            (Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8>)
            new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8>(
                Implicit(accelerator, action, customGroupSize)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 9 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9>
        LoadImplicitlyGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9> action,
            int customGroupSize)
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        where T6 : struct
        where T7 : struct
        where T8 : struct
        where T9 : struct =>
        Typed<Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9>>(
            (Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8, T9>)
            new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9>(
                Implicit(accelerator, action, customGroupSize)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 10 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>
        LoadImplicitlyGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> action,
            int customGroupSize)
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        where T6 : struct
        where T7 : struct
        where T8 : struct
        where T9 : struct
        where T10 : struct =>
        Typed<Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>>(
            (Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>)
            new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(
                Implicit(accelerator, action, customGroupSize)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 11 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>
        LoadImplicitlyGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> action,
            int customGroupSize)
        where TIndex : struct, IIndex
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
        where T11 : struct =>
        Typed<Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>>(
            (Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>)
            new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(
                Implicit(accelerator, action, customGroupSize)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 12 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>
        LoadImplicitlyGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> action,
            int customGroupSize)
        where TIndex : struct, IIndex
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
        where T12 : struct =>
        Typed<Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>>(
            (Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>)
            new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(
                Implicit(accelerator, action, customGroupSize)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 13 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>
        LoadImplicitlyGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>(
            this Accelerator accelerator,
            Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> action, int customGroupSize)
        where TIndex : struct, IIndex
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
        where T13 : struct =>
        Typed<Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>>(
            (Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>)
            new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>(
                Implicit(accelerator, action, customGroupSize)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 14 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>
        LoadImplicitlyGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>(
            this Accelerator accelerator,
            Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> action, int customGroupSize)
        where TIndex : struct, IIndex
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
        where T14 : struct =>
        Typed<Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>>(
            (Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>)
            new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>(
                Implicit(accelerator, action, customGroupSize)).LaunchIndexedDefault);
}
