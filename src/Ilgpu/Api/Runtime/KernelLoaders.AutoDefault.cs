namespace ILGPU.Runtime;

/// <summary>Launchers that take an extent and use the default stream; groups are chosen.</summary>
partial class KernelLoaders
{
    /// <summary>A launcher over an extent: 1 parameter.</summary>
    public static Action<TIndex, T1>
        LoadAutoGroupedStreamKernel<TIndex, T1>(this Accelerator accelerator, Action<TIndex, T1> action)
        where TIndex : struct, IIndex
        where T1 : struct =>
        Typed<Action<TIndex, T1>>(
            (Action<Index1D, T1>)
            new KernelLauncher<T1>(Automatic(accelerator, action)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 2 parameters.</summary>
    public static Action<TIndex, T1, T2>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2>(this Accelerator accelerator, Action<TIndex, T1, T2> action)
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct =>
        Typed<Action<TIndex, T1, T2>>(
            (Action<Index1D, T1, T2>)
            new KernelLauncher<T1, T2>(Automatic(accelerator, action)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 3 parameters.</summary>
    public static Action<TIndex, T1, T2, T3>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3> action)
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct
        where T3 : struct =>
        Typed<Action<TIndex, T1, T2, T3>>(
            (Action<Index1D, T1, T2, T3>)
            new KernelLauncher<T1, T2, T3>(Automatic(accelerator, action)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 4 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4> action)
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct =>
        Typed<Action<TIndex, T1, T2, T3, T4>>(
            (Action<Index1D, T1, T2, T3, T4>)
            new KernelLauncher<T1, T2, T3, T4>(Automatic(accelerator, action)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 5 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5> action)
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct =>
        Typed<Action<TIndex, T1, T2, T3, T4, T5>>(
            (Action<Index1D, T1, T2, T3, T4, T5>)
            new KernelLauncher<T1, T2, T3, T4, T5>(Automatic(accelerator, action)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 6 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5, T6> action)
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        where T6 : struct =>
        Typed<Action<TIndex, T1, T2, T3, T4, T5, T6>>(
            (Action<Index1D, T1, T2, T3, T4, T5, T6>)
            new KernelLauncher<T1, T2, T3, T4, T5, T6>(Automatic(accelerator, action)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 7 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5, T6, T7> action)
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
            new KernelLauncher<T1, T2, T3, T4, T5, T6, T7>(Automatic(accelerator, action)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 8 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8> action)
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
            new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8>(Automatic(accelerator, action)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 9 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9> action)
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
                Automatic(accelerator, action)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 10 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> action)
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
                Automatic(accelerator, action)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 11 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> action)
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
                Automatic(accelerator, action)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 12 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(
            this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> action)
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
                Automatic(accelerator, action)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 13 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>(
            this Accelerator accelerator,
            Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> action)
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
                Automatic(accelerator, action)).LaunchIndexedDefault);

    /// <summary>A launcher over an extent: 14 parameters.</summary>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>(
            this Accelerator accelerator,
            Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> action)
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
                Automatic(accelerator, action)).LaunchIndexedDefault);
}
