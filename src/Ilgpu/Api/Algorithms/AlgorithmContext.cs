namespace ILGPU.Algorithms;

/// <summary>Switches the algorithms on.</summary>
public static class AlgorithmContext
{
    /// <summary>Makes XMath and the reductions known to kernels; here they always are.</summary>
    public static Context.Builder EnableAlgorithms(this Context.Builder builder) => builder;
}
