namespace IlgpuDca.Evaluation;

/// <summary>Words that name made-up things.</summary>
static class Nouns
{
    static readonly string[] _words =
        ("acorn anchor apple arrow autumn badger barley basket beacon bell birch blanket bottle branch bridge "
        + "bucket butter button cabin camel candle canyon carpet castle cedar cellar cherry chimney circle "
        + "cloud clover coffee copper coral corner cotton cradle crystal curtain daisy desert dinner dragon "
        + "eagle ember engine falcon feather fiddle finger flower forest fountain garden garlic ginger glacier "
        + "granite hammer harbor harvest hazel helmet heron hollow honey island ivory jacket jasmine jungle "
        + "kettle ladder lantern laurel lemon library linen lizard magnet maple marble market meadow mirror "
        + "monkey morning mountain needle nettle oak ocean olive onion orchard oyster palace paper parrot "
        + "pebble pepper pigeon pillow planet pocket pony prairie pumpkin rabbit raven ribbon river rocket "
        + "saddle salmon shadow shelter silver spider spring stable summer sunset thunder tiger timber tulip "
        + "tunnel turtle valley velvet village violet walnut willow window winter").Split(' ');

    /// <summary>How many nouns there are; of pairs, its square.</summary>
    public static int Count => _words.Length;

    /// <summary>A noun.</summary>
    public static string One(SplitMix64 random) => _words[random.Below(_words.Length)];

    /// <summary>Two nouns with a space between.</summary>
    public static string Pair(SplitMix64 random) => $"{One(random)} {One(random)}";
}
