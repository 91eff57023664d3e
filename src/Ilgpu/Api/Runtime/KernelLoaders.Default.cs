namespace ILGPU.Runtime;

/// <summary>Launchers that take the groups and use the default stream.</summary>
partial class KernelLoaders
{
    /// <summary>A launcher on the default stream: 1 parameter.</summary>
    public static Action<KernelConfig, T1>
        LoadStreamKernel<T1>(this Accelerator accelerator, Action<T1> action)
        where T1 : struct =>
        new KernelLauncher<T1>(Explicit(accelerator, action, KernelSpecialization.Empty)).LaunchDefault;

    /// <summary>A launcher on the default stream: 1 parameter, specialized.</summary>
    public static Action<KernelConfig, T1>
        LoadStreamKernel<T1>(this Accelerator accelerator, Action<T1> action, KernelSpecialization specialization)
        where T1 : struct =>
        new KernelLauncher<T1>(Explicit(accelerator, action, specialization)).LaunchDefault;

    /// <summary>A launcher on the default stream: 2 parameters.</summary>
    public static Action<KernelConfig, T1, T2>
        LoadStreamKernel<T1, T2>(this Accelerator accelerator, Action<T1, T2> action)
        where T1 : struct
        where T2 : struct =>
        new KernelLauncher<T1, T2>(Explicit(accelerator, action, KernelSpecialization.Empty)).LaunchDefault;

    /// <summary>A launcher on the default stream: 2 parameters, specialized.</summary>
    public static Action<KernelConfig, T1, T2>
        LoadStreamKernel<T1, T2>(
            this Accelerator accelerator, Action<T1, T2> action, KernelSpecialization specialization)
        where T1 : struct
        where T2 : struct =>
        new KernelLauncher<T1, T2>(Explicit(accelerator, action, specialization)).LaunchDefault;

    /// <summary>A launcher on the default stream: 3 parameters.</summary>
    public static Action<KernelConfig, T1, T2, T3>
        LoadStreamKernel<T1, T2, T3>(this Accelerator accelerator, Action<T1, T2, T3> action)
        where T1 : struct
        where T2 : struct
        where T3 : struct =>
        new KernelLauncher<T1, T2, T3>(Explicit(accelerator, action, KernelSpecialization.Empty)).LaunchDefault;

    /// <summary>A launcher on the default stream: 3 parameters, specialized.</summary>
    public static Action<KernelConfig, T1, T2, T3>
        LoadStreamKernel<T1, T2, T3>(
            this Accelerator accelerator, Action<T1, T2, T3> action, KernelSpecialization specialization)
        where T1 : struct
        where T2 : struct
        where T3 : struct =>
        new KernelLauncher<T1, T2, T3>(Explicit(accelerator, action, specialization)).LaunchDefault;

    /// <summary>A launcher on the default stream: 4 parameters.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4>
        LoadStreamKernel<T1, T2, T3, T4>(this Accelerator accelerator, Action<T1, T2, T3, T4> action)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct =>
        new KernelLauncher<T1, T2, T3, T4>(Explicit(accelerator, action, KernelSpecialization.Empty)).LaunchDefault;

    /// <summary>A launcher on the default stream: 4 parameters, specialized.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4>
        LoadStreamKernel<T1, T2, T3, T4>(
            this Accelerator accelerator, Action<T1, T2, T3, T4> action, KernelSpecialization specialization)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct =>
        new KernelLauncher<T1, T2, T3, T4>(Explicit(accelerator, action, specialization)).LaunchDefault;

    /// <summary>A launcher on the default stream: 5 parameters.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5>
        LoadStreamKernel<T1, T2, T3, T4, T5>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5> action)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct =>
        new KernelLauncher<T1, T2, T3, T4, T5>(
            Explicit(accelerator, action, KernelSpecialization.Empty)).LaunchDefault;

    /// <summary>A launcher on the default stream: 5 parameters, specialized.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5>
        LoadStreamKernel<T1, T2, T3, T4, T5>(
            this Accelerator accelerator, Action<T1, T2, T3, T4, T5> action, KernelSpecialization specialization)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct =>
        new KernelLauncher<T1, T2, T3, T4, T5>(Explicit(accelerator, action, specialization)).LaunchDefault;

    /// <summary>A launcher on the default stream: 6 parameters.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6> action)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        where T6 : struct =>
        new KernelLauncher<T1, T2, T3, T4, T5, T6>(
            Explicit(accelerator, action, KernelSpecialization.Empty)).LaunchDefault;

    /// <summary>A launcher on the default stream: 6 parameters, specialized.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6>(
            this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6> action, KernelSpecialization specialization)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        where T6 : struct =>
        new KernelLauncher<T1, T2, T3, T4, T5, T6>(Explicit(accelerator, action, specialization)).LaunchDefault;

    /// <summary>A launcher on the default stream: 7 parameters.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7>(
            this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7> action)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        where T6 : struct
        where T7 : struct =>
        new KernelLauncher<T1, T2, T3, T4, T5, T6, T7>(
            Explicit(accelerator, action, KernelSpecialization.Empty)).LaunchDefault;

    /// <summary>A launcher on the default stream: 7 parameters, specialized.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7>(
            this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7> action,
            KernelSpecialization specialization)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        where T6 : struct
        where T7 : struct =>
        new KernelLauncher<T1, T2, T3, T4, T5, T6, T7>(Explicit(accelerator, action, specialization)).LaunchDefault;

    /// <summary>A launcher on the default stream: 8 parameters.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8>(
            this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8> action)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        where T6 : struct
        where T7 : struct
        where T8 : struct =>
        new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8>(
            Explicit(accelerator, action, KernelSpecialization.Empty)).LaunchDefault;

    /// <summary>A launcher on the default stream: 8 parameters, specialized.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8>(
            this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8> action,
            KernelSpecialization specialization)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        where T6 : struct
        where T7 : struct
        where T8 : struct =>
        new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8>(
            Explicit(accelerator, action, specialization)).LaunchDefault;

    /// <summary>A launcher on the default stream: 9 parameters.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9>(
            this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8, T9> action)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        where T6 : struct
        where T7 : struct
        where T8 : struct
        where T9 : struct =>
        new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9>(
            Explicit(accelerator, action, KernelSpecialization.Empty)).LaunchDefault;

    /// <summary>A launcher on the default stream: 9 parameters, specialized.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9>(
            this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8, T9> action,
            KernelSpecialization specialization)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        where T6 : struct
        where T7 : struct
        where T8 : struct
        where T9 : struct =>
        new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9>(
            Explicit(accelerator, action, specialization)).LaunchDefault;

    /// <summary>A launcher on the default stream: 10 parameters.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(
            this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> action)
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
        new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(
            Explicit(accelerator, action, KernelSpecialization.Empty)).LaunchDefault;

    /// <summary>A launcher on the default stream: 10 parameters, specialized.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(
            this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> action,
            KernelSpecialization specialization)
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
        new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(
            Explicit(accelerator, action, specialization)).LaunchDefault;

    /// <summary>A launcher on the default stream: 11 parameters.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(
            this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> action)
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
        new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(
            Explicit(accelerator, action, KernelSpecialization.Empty)).LaunchDefault;

    /// <summary>A launcher on the default stream: 11 parameters, specialized.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(
            this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> action,
            KernelSpecialization specialization)
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
        new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(
            Explicit(accelerator, action, specialization)).LaunchDefault;

    /// <summary>A launcher on the default stream: 12 parameters.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(
            this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> action)
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
        new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(
            Explicit(accelerator, action, KernelSpecialization.Empty)).LaunchDefault;

    /// <summary>A launcher on the default stream: 12 parameters, specialized.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(
            this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> action,
            KernelSpecialization specialization)
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
        new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(
            Explicit(accelerator, action, specialization)).LaunchDefault;

    /// <summary>A launcher on the default stream: 13 parameters.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>(
            this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> action)
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
        new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>(
            Explicit(accelerator, action, KernelSpecialization.Empty)).LaunchDefault;

    /// <summary>A launcher on the default stream: 13 parameters, specialized.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>(
            this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> action,
            KernelSpecialization specialization)
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
        new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>(
            Explicit(accelerator, action, specialization)).LaunchDefault;

    /// <summary>A launcher on the default stream: 14 parameters.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>(
            this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> action)
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
        new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>(
            Explicit(accelerator, action, KernelSpecialization.Empty)).LaunchDefault;

    /// <summary>A launcher on the default stream: 14 parameters, specialized.</summary>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>(
            this Accelerator accelerator,
            Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> action,
            KernelSpecialization specialization)
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
        new KernelLauncher<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>(
            Explicit(accelerator, action, specialization)).LaunchDefault;
}
