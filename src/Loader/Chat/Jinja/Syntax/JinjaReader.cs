using System.Runtime.CompilerServices;

namespace IlgpuDca.Loader;

/// <summary>Walks the tokens of a template.</summary>
sealed class JinjaReader(IReadOnlyList<JinjaToken> tokens)
{
    int _at;

    public JinjaToken Current => tokens[_at];

    public int Line => Current.Line;

    /// <summary>The token behind the current one.</summary>
    public JinjaToken Following => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public JinjaToken Take()
    {
        JinjaToken token = Current;
        _at = Math.Min(_at + 1, tokens.Count - 1);
        return token;
    }

    public bool IsOperator(string text) => Current.Kind == JinjaTokenKind.Operator && Current.Text == text;

    public bool IsName(string text) => Current.Kind == JinjaTokenKind.Name && Current.Text == text;

    public bool TakeOperator(string text) => IsOperator(text) && Take().Line > 0;

    public bool TakeName(string text) => IsName(text) && Take().Line > 0;

    public void ExpectOperator(string text)
    {
        if (!TakeOperator(text))
            throw Unexpected($"'{text}'");
    }

    public void ExpectName(string text)
    {
        if (!TakeName(text))
            throw Unexpected($"'{text}'");
    }

    public string ExpectName() => Current.Kind == JinjaTokenKind.Name ? Take().Text : throw Unexpected("a name");

    public void Expect(JinjaTokenKind kind)
    {
        if (Current.Kind != kind)
            throw Unexpected(kind == JinjaTokenKind.BlockEnd ? "'%}'" : "'}}'");
        Take();
    }

    /// <summary>Refuses a template that is nested deeper than the stack can follow.</summary>
    public void CheckDepth()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateException(Line, "it is nested too deeply.");
    }

    public TemplateException Unexpected(string expected)
    {
        string found = Current.Text.Length > 0 ? ModelFormatException.Quote(Current.Text) : $"{Current.Kind}";
        return new TemplateException(Line, Current.Kind == JinjaTokenKind.End
            ? $"the template ends, expected {expected}." : $"found {found}, expected {expected}.");
    }
}
