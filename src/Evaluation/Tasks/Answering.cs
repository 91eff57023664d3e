using System.Text;
using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Loader;
using IlgpuDca.Model;
using IlgpuDca.Model.Generation;

namespace IlgpuDca.Evaluation;

/// <summary>Lets a model answer in its own words.</summary>
static class Answering
{
    /// <summary>Continues a text greedily.</summary>
    /// <param name="engine">Knows which ids end a text.</param>
    /// <param name="session">Holds the prompt.</param>
    /// <param name="predict">Most tokens.</param>
    /// <param name="isComplete">Asked after each token: true ends the answer.</param>
    /// <param name="cancellation">Looked at before each token.</param>
    public static string Write(Engine engine, TextSession session, int predict, Func<string, bool> isComplete,
        CancellationToken cancellation)
    {
        ITokenizer tokenizer = engine.Tokenizer ?? throw new UsageException("the model has no tokenizer: give one with --tokenizer.");
        HashSet<int> ends = [.. engine.Config.EosIds, .. tokenizer.EndIds];
        StreamingDecoder decoder = tokenizer.StartDecoding(continuesText: true);
        StringBuilder text = new();
        foreach (int token in TextGenerator.Generate(session, predict, SamplingOptions.Greedy, ends, cancellation))
        {
            if (ends.Contains(token))
                break;
            text.Append(decoder.Append(token));
            if (isComplete(text.ToString()))
                break;
        }
        return text.Append(decoder.Flush()).ToString();
    }
}
