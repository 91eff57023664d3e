namespace ILGPU.Runtime.Cuda;

/// <summary>An operand of <see cref="CudaAsm"/>'s EmitRef: input, output or both.</summary>
public interface ICudaAsmEmitParameter
{
}
