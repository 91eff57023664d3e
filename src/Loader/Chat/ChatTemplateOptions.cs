using System.Text.Json;

namespace IlgpuDca.Loader;

/// <summary>What a template is told beside the messages.</summary>
public sealed record ChatTemplateOptions
{
    /// <summary>Whether the text ends where the assistant's next answer begins.</summary>
    public bool AddsGenerationPrompt { get; init; } = true;

    /// <summary>A JSON array of tools that the model may call, or null.</summary>
    public JsonElement? Tools { get; init; }

    /// <summary>Switches that some templates know, such as enable_thinking.</summary>
    public IReadOnlyDictionary<string, bool> Switches { get; init; } = new Dictionary<string, bool>();
}
