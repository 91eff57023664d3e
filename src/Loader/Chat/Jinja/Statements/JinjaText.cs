namespace IlgpuDca.Loader;

/// <summary>Text outside of tags.</summary>
sealed class JinjaText(string text) : JinjaStatement
{
    public override JinjaFlow Run(JinjaScope scope)
    {
        scope.Run.Write(text);
        return JinjaFlow.Next;
    }
}
