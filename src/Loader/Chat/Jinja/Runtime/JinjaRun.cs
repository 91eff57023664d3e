using System.Runtime.CompilerServices;
using System.Text;

namespace IlgpuDca.Loader;

/// <summary>One run of a template: its output, and the bounds of what it may take.</summary>
sealed class JinjaRun
{
    const int MostSteps = 5_000_000;
    const long MostCharacters = 64L << 20;
    const int LongestOutput = 32 << 20;

    int _steps;
    long _characters;

    /// <summary>What was written.</summary>
    public StringBuilder Output { get; set; } = new();

    /// <summary>The line of the statement that runs.</summary>
    public int Line { get; set; } = 1;

    /// <summary>Counts a step, and refuses templates that never end or go too deep.</summary>
    public void Step()
    {
        if (++_steps > MostSteps)
            throw Fault($"it takes more than {MostSteps} steps.");
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Fault("it calls itself too deeply.");
    }

    /// <summary>Counts characters or items before they are made.</summary>
    public void Take(long size)
    {
        _characters += size;
        if (size < 0 || _characters > MostCharacters)
            throw Fault($"it makes more than {MostCharacters} characters.");
    }

    /// <summary>Writes to the output.</summary>
    public void Write(string text)
    {
        if (Output.Length + (long)text.Length > LongestOutput)
            throw Fault($"it writes more than {LongestOutput} characters.");
        Output.Append(text);
    }

    /// <summary>The error at the statement that runs.</summary>
    public TemplateException Fault(string what) => new(Line, what);
}
