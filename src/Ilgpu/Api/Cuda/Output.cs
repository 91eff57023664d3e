namespace ILGPU.Runtime.Cuda;

/// <summary>An operand that the instruction writes.</summary>
public struct Output<T> : ICudaAsmEmitParameter
    where T : struct
{
    /// <summary>The operand's value.</summary>
    public T Value;
}
