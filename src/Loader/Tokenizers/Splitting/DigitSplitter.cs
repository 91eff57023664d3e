namespace IlgpuDca.Loader;

/// <summary>Cuts around numbers, or around each of their digits.</summary>
sealed class DigitSplitter(bool isIndividual) : TextSplitter
{
    public override void Split(string text, int start, int end, List<int> ends)
    {
        for (int i = start; i < end;)
        {
            CharacterClass first = CharacterClasses.At(text, i, out int length);
            i += length;
            while (i < end && CharacterClasses.At(text, i, out length) is var next
                && (first == CharacterClass.Number) == (next == CharacterClass.Number)
                && !(isIndividual && first == CharacterClass.Number))
                i += length;
            ends.Add(i);
        }
    }
}
