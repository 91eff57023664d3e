using System.Reflection;

namespace ILGPU.Runtime;

/// <summary>
/// A kernel on one accelerator: compiled at its first launch, once for each set of specialized values.
/// </summary>
public abstract class Kernel : AcceleratorObject
{
    readonly Lock _compiling = new();
    Variant[] _variants = [];

    private protected Kernel(Accelerator accelerator, KernelSource source)
        : base(accelerator)
    {
        Source = source;
        Plan = ParameterPlan.Of(source);
    }

    /// <summary>What the kernel's launches keep to.</summary>
    public KernelSpecialization Specialization => Source.Specialization;

    /// <summary>Parameters of a launch, the index of an implicitly grouped kernel not counted.</summary>
    public int NumParameters => Plan.ParameterCount;

    /// <summary>What the kernel is made from.</summary>
    internal KernelSource Source { get; }

    /// <summary>How its arguments become slots.</summary>
    internal ParameterPlan Plan { get; }

    /// <summary>The variants that are compiled: their specialized values by parameter index, and their code.</summary>
    internal IEnumerable<(IReadOnlyDictionary<int, object> Specialized, KernelCode Code)> Variants =>
        Volatile.Read(ref _variants).Select(variant => (Plan.Unflatten(variant.Specialized), variant.Code));

    /// <summary>The latest compiled variant; compiles where there is none and no value is missing.</summary>
    internal KernelCode AnyCode
    {
        get
        {
            Prepare();
            Variant[] variants = Volatile.Read(ref _variants);
            return variants.Length > 0
                ? variants[^1].Code
                : throw new InvalidOperationException(
                    $"{Source.Name} is compiled for its SpecializedValue arguments; launch it once first.");
        }
    }

    /// <summary>
    /// A delegate that launches the kernel: Action of AcceleratorStream, KernelConfig (Index1D for an implicitly
    /// grouped kernel) and the kernel's own parameters.
    /// </summary>
    public TDelegate CreateLauncherDelegate<TDelegate>()
        where TDelegate : Delegate =>
        (TDelegate)KernelLauncher.Create(this, typeof(TDelegate));

    /// <summary>Compiles the kernel now if no specialized value is missing for that.</summary>
    internal void Prepare()
    {
        if (Plan.SpecializedSlotCount == 0)
            CodeFor([]);
    }

    /// <summary>The code for specialized values, compiled where it is not there yet.</summary>
    /// <param name="specialized">The leaves of the SpecializedValue arguments.</param>
    internal KernelCode CodeFor(ReadOnlySpan<ulong> specialized)
    {
        foreach (Variant variant in Volatile.Read(ref _variants))
        {
            if (specialized.SequenceEqual(variant.Specialized))
                return variant.Code;
        }

        return CompileFor(specialized);
    }

    private protected abstract KernelCode Compile(KernelRequest request);

    /// <inheritdoc/>
    protected sealed override void DisposeAcceleratorObject(bool disposing)
    {
        Accelerator.Forget(this);
        lock (_compiling)
        {
            foreach (Variant variant in _variants)
                variant.Code.Dispose();

            _variants = [];
        }
    }

    KernelCode CompileFor(ReadOnlySpan<ulong> specialized)
    {
        lock (_compiling)
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            foreach (Variant variant in _variants)
            {
                if (specialized.SequenceEqual(variant.Specialized))
                    return variant.Code;
            }

            KernelCode code = Compile(new KernelRequest(Source, Plan.Unflatten(specialized)));
            Volatile.Write(ref _variants, [.. _variants, new Variant(specialized.ToArray(), code)]);
            return code;
        }
    }

    sealed record Variant(ulong[] Specialized, KernelCode Code);
}
