namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>
/// Marks a static method of scalar parameters whose effect spans a warp, such as a matrix multiply of tensor cores.
/// On the CPU accelerator the host routine runs once for the whole warp; on CUDA the method's own body is compiled.
/// </summary>
/// <param name="routineType">The type that declares the routine.</param>
/// <param name="routineName">Its name: <c>static void Routine(WarpOperands operands)</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WarpCollectiveAttribute(Type routineType, string routineName) : Attribute
{
    /// <summary>The type that declares the routine.</summary>
    public Type RoutineType { get; } = routineType;

    /// <summary>The routine's name.</summary>
    public string RoutineName { get; } = routineName;
}
