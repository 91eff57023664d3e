namespace IlgpuDca.Verification.Conformance;

/// <summary>
/// That compiled kernels mean what C# means: small kernels, one construct each. Where a kernel uses no Grid, Group or Warp, the same
/// method called as plain C# is the oracle; elsewhere expectations are written by hand.
/// </summary>
public static class ConformanceChecks
{
    /// <summary>All kernels with their expectations.</summary>
    public static IReadOnlyList<ConformanceCase> Cases { get; } =
    [
        .. IntegerKernels.All,
        .. LongKernels.All,
        .. NarrowIntegerKernels.All,
        .. ConversionKernels.All,
        .. FloatKernels.All,
        .. FunctionKernels.All,
        .. ComparisonKernels.All,
        .. ControlFlowKernels.All,
        .. SwitchKernels.All,
        .. StructKernels.All,
        .. GenericKernels.All,
        .. ReferenceKernels.All,
        .. TableKernels.All,
        .. ViewKernels.All,
        .. LocalMemoryKernels.All,
        .. GroupKernels.All,
        .. WarpKernels.All,
        .. AtomicKernels.All,
#if !ILGPU_PACKAGE
        .. Hopper.ThreadCopyKernels.All,
        .. Hopper.CopyKernels.All,
        .. Hopper.PipelineKernels.All,
        .. Hopper.ProductKernels.All,
        .. Hopper.Float8ProductKernels.All,
#endif
    ];

    /// <summary>The same as checks.</summary>
    public static IReadOnlyList<Check> All { get; } =
        [.. Cases.Select(kernel => new Check("Conformance: " + kernel.Name, kernel.Run))];
}
