namespace IlgpuDca.Loader;

/// <summary>
/// A template in the part of Jinja2 that published chat templates use, set up as they expect it: blocks trimmed, no
/// escaping, break and continue. What it may take is bounded, as templates come with models from anywhere.
/// </summary>
sealed class JinjaTemplate
{
    readonly JinjaBlock _body;

    JinjaTemplate(JinjaBlock body) => _body = body;

    /// <summary>Reads a template; throws <see cref="TemplateException"/>.</summary>
    public static JinjaTemplate Parse(string source) => new(new JinjaParser(JinjaLexer.Read(source)).ParseTemplate());

    /// <summary>Runs it; throws <see cref="TemplateException"/>.</summary>
    /// <param name="variables">Null, bool, long, double, string, List and JinjaMap of such.</param>
    public string Render(IEnumerable<KeyValuePair<string, object?>> variables)
    {
        var run = new JinjaRun();
        var scope = new JinjaScope(run);
        foreach ((string name, object? value) in JinjaGlobals.All.Concat(variables))
            scope.Set(name, value);
        _body.Run(scope);
        return run.Output.ToString();
    }
}
