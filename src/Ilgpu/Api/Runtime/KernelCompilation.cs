using IlgpuDca.Ilgpu.Frontend;
using IlgpuDca.Ilgpu.Ir;

namespace ILGPU.Runtime;

/// <summary>From a request to the IR that back ends take.</summary>
static class KernelCompilation
{
    /// <summary>Compiles a request.</summary>
    /// <param name="request">Which kernel.</param>
    /// <param name="options">As <see cref="Options"/> makes them, with what the device adds.</param>
    public static KernelFunction Compile(KernelRequest request, CompileOptions options)
    {
        KernelSource source = request.Source;
        KernelFunction function = KernelCompiler.Compile(source.Method, options);
        int slots = ParameterPlan.Of(source).SlotCount, taken = function.Parameters.Sum(parameter => parameter.Slots);
        return taken == slots
            ? function
            : throw new InvalidOperationException(
                $"{source.Name}: the compiler takes {taken} arguments and the launcher passes {slots}; "
                + "the two must flatten parameters alike.");
    }

    /// <summary>What a request is compiled with, as the context's properties say.</summary>
    public static CompileOptions Options(KernelRequest request, CompileTarget target, ContextProperties properties)
    {
        KernelSource source = request.Source;
        return new CompileOptions(target)
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
    }
}
