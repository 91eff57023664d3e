namespace IlgpuDca.Loader;

/// <summary>How a statement ended.</summary>
enum JinjaFlow
{
    /// <summary>The next one runs.</summary>
    Next,

    /// <summary>The loop ends.</summary>
    Break,

    /// <summary>The loop goes on with its next item.</summary>
    Continue,
}
