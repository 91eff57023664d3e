namespace ILGPU.Runtime;

/// <summary>What an accelerator is.</summary>
public enum AcceleratorType
{
    CPU = 0,
    Cuda = 1,
}
