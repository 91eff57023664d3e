using System.Text;

namespace IlgpuDca.Loader;

/// <summary>What a block writes, as text.</summary>
sealed class JinjaCapture(JinjaBlock body) : JinjaExpression
{
    protected override object? Evaluate(JinjaScope scope)
    {
        StringBuilder outer = scope.Run.Output;
        scope.Run.Output = new StringBuilder();
        try
        {
            body.Run(new JinjaScope(scope.Run, scope));
            scope.Run.Take(scope.Run.Output.Length);
            return scope.Run.Output.ToString();
        }
        finally
        {
            scope.Run.Output = outer;
        }
    }
}
