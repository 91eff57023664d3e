namespace ILGPU;

/// <summary>How exact mathematics is; this implementation is exact in all modes.</summary>
public enum MathMode
{
    Default = 0,
    Fast = 1,
    Fast32BitOnly = 2,
}
