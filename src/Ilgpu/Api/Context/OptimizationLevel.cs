namespace ILGPU;

/// <summary>How much the compiler works; this implementation always does all it can.</summary>
public enum OptimizationLevel
{
    Debug = 0,
    O0 = 0,
    O1 = 1,
    Release = 1,
    O2 = 2,
}
