namespace IlgpuDca.Loader;

/// <summary>Cuts escaped text in front of words: where U+2581 follows another character.</summary>
static class SpaceCut
{
    /// <summary>The end of the word that begins at <paramref name="start"/>.</summary>
    public static int Next(string escaped, int start)
    {
        int at = start;
        while (at < escaped.Length && escaped[at] == SentencePieceVocabulary.Space)
            at++;
        int found = escaped.AsSpan(at).IndexOf(SentencePieceVocabulary.Space);
        return found < 0 ? escaped.Length : at + found;
    }
}
