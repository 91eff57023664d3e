namespace IlgpuDca.Loader;

/// <summary>Something that runs.</summary>
abstract class JinjaStatement
{
    /// <summary>Runs it; throws <see cref="TemplateException"/>.</summary>
    public abstract JinjaFlow Run(JinjaScope scope);
}
