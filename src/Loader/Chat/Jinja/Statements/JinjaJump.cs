namespace IlgpuDca.Loader;

/// <summary>break or continue.</summary>
sealed class JinjaJump(bool isBreak) : JinjaStatement
{
    public override JinjaFlow Run(JinjaScope scope) => isBreak ? JinjaFlow.Break : JinjaFlow.Continue;
}
