using IlgpuDca.Ilgpu.Frontend;
using IlgpuDca.Ilgpu.Ir;

namespace ILGPU.Runtime;

/// <summary>From a request to the IR that back ends take.</summary>
static class KernelCompilation
{
    /// <summary>Compiles a request as the context's properties say.</summary>
    public static KernelFunction Compile(KernelRequest request, CompileTarget target, ContextProperties properties)
    {
        KernelSource source = request.Source;
        var options = new CompileOptions(target)
        {
            Checked = properties.EnableAssertions,
            Verify = properties.EnableVerifier,
            ContractFma = properties.ContractFma,
            ImplicitlyGrouped = source.IsImplicitlyGrouped,
            Specialized = request.SpecializedValues,
            MaxThreadsPerGroup = source.IsImplicitlyGrouped
                ? source.ImplicitGroupSize
                : source.Specialization.MaxNumThreadsPerGroup ?? 0,
            MinGroupsPerMultiprocessor = source.Specialization.MinNumGroupsPerMultiprocessor ?? 0,
        };
        KernelFunction function = KernelCompiler.Compile(source.Method, options);
        int slots = ParameterPlan.Of(source).SlotCount;
        return function.Parameters.Count == slots
            ? function
            : throw new InvalidOperationException(
                $"{source.Name}: the compiler takes {function.Parameters.Count} arguments and the launcher passes {slots}; "
                + "the two must flatten parameters alike.");
    }
}
