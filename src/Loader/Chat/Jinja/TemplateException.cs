namespace IlgpuDca.Loader;

/// <summary>A chat template that can't be read or run, or that refuses its messages.</summary>
/// <param name="line">Line of the template, from 1.</param>
/// <param name="what">What went wrong; one sentence.</param>
public sealed class TemplateException(int line, string what) : Exception($"line {line} of the chat template: {what}")
{
    /// <summary>Line of the template, from 1.</summary>
    public int Line => line;
}
