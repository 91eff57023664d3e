using System.Text;

namespace IlgpuDca.Loader;

/// <summary>
/// How byte-level BPE writes bytes as characters: those that can be seen in Latin-1 as themselves, the others from
/// U+0100 on, in order.
/// </summary>
static class ByteAlphabet
{
    static readonly char[] s_characters = Characters();
    static readonly Dictionary<char, byte> s_bytes =
        Enumerable.Range(0, 256).ToDictionary(value => s_characters[value], value => (byte)value);

    /// <summary>The character of a byte.</summary>
    public static char CharacterOf(byte value) => s_characters[value];

    /// <summary>The bytes that a token stands for; null where it has another character.</summary>
    public static byte[]? Bytes(string token)
    {
        byte[] bytes = new byte[token.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (!s_bytes.TryGetValue(token[i], out bytes[i]))
                return null;
        }
        return bytes;
    }

    static char[] Characters()
    {
        char[] characters = new char[256];
        int next = 0x100;
        for (int value = 0; value < characters.Length; value++)
            characters[value] = value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE ? (char)value
                : (char)next++;
        return characters;
    }
}
