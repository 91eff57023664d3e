namespace IlgpuDca.Loader.Tests;

/// <summary>Random damage to a file.</summary>
static class Damage
{
    /// <summary>The file with one to three random edits.</summary>
    public static byte[] Of(Random random, byte[] file)
    {
        var bytes = new List<byte>(file);
        for (int edits = random.Next(1, 4); edits > 0; edits--)
        {
            // Half of the damage goes to the first bytes, where lengths and the header are.
            int at = random.Next(2) == 0 ? random.Next(Math.Min(bytes.Count, 64)) : random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.Insert(at, (byte)"0123456789-\"{}[],:eE\\"[random.Next(21)]);
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                    break;
                default:
                    bytes.RemoveRange(Math.Max(1, at), bytes.Count - Math.Max(1, at));
                    break;
            }
            if (bytes.Count == 0)
                bytes.Add(0);
        }
        return [.. bytes];
    }
}
