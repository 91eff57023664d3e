namespace IlgpuDca.Loader;

/// <summary>What a model's files call the text decoder's tensors, which other code calls as a Llama model does.</summary>
/// <param name="weights">All tensors.</param>
/// <param name="isWrapped">Whether the text decoder is part of a Llava model.</param>
sealed class TensorNames(ModelWeights weights, bool isWrapped)
{
    const string Model = "model.";
    const string Older = "language_model.";
    const string Newer = "model.language_model.";

    /// <summary>Parts of a Llava model that see images.</summary>
    static readonly string[] Vision = ["vision_tower.", "multi_modal_projector.", "model.vision_tower.", "model.multi_modal_projector."];

    readonly bool _isNewer = isWrapped && weights.Tensors.Keys.Any(name => name.StartsWith(Newer, StringComparison.Ordinal));

    /// <summary>The stored name of a tensor.</summary>
    public string Of(string name) => !isWrapped ? name
        : !_isNewer ? Older + name
        : name.StartsWith(Model, StringComparison.Ordinal) ? Newer + name[Model.Length..] : name;

    /// <summary>Whether a stored tensor is no part of the text decoder.</summary>
    public bool IsForeign(string stored) => isWrapped && Vision.Any(prefix => stored.StartsWith(prefix, StringComparison.Ordinal));
}
