namespace ILGPU.Runtime;

/// <summary>An accelerator failed: the message says at what, why, and what to do.</summary>
public abstract class AcceleratorException : Exception
{
    private protected AcceleratorException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>What the accelerator is.</summary>
    public abstract AcceleratorType AcceleratorType { get; }
}
