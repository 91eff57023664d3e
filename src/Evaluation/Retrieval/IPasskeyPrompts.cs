using IlgpuDca.Model;

namespace IlgpuDca.Evaluation;

/// <summary>A protocol of passkey retrieval: how a prompt of a length is made.</summary>
public interface IPasskeyPrompts
{
    /// <summary>The prompt of one trial.</summary>
    /// <param name="key">The digits.</param>
    /// <param name="length">Tokens as the protocol counts them.</param>
    /// <param name="depth">Where the key stands in the filler: 0 first, 1 last.</param>
    /// <returns>The ids before the answer, and those that must follow.</returns>
    /// <exception cref="UsageException">The length has no room for the fixed parts.</exception>
    (int[] Prompt, int[] Answer) Build(string key, int length, double depth);

    /// <summary>What the trials of a length are: keys and depths.</summary>
    /// <param name="seed">Draws keys, and depths where the protocol draws them.</param>
    /// <param name="length">Tokens.</param>
    /// <param name="trials">Trials of the length, or of each depth.</param>
    /// <param name="depths">Depths, evenly; null: the protocol's way without them.</param>
    IReadOnlyList<PasskeyTrial> Trials(ulong seed, int length, int trials, int? depths);
}
