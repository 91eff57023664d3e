namespace ILGPU;

/// <summary>Which calls are inlined; this implementation inlines all.</summary>
public enum InliningMode
{
    Aggressive = 0,
    Default = 0,
    Conservative = 1,
    Disabled = 2,
}
