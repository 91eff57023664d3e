using System.Text;

namespace IlgpuDca.Loader.Tests;

/// <summary>
/// The model of <see cref="SyntheticModel"/> with its matrices packed as AWQ, GPTQ or FP8 writers do, beside the values
/// that they stand for in float64.
/// </summary>
sealed class PackedModel
{
    public const int GroupSize = 8;

    /// <summary>Outputs and inputs of an FP8 block; no divisor of the sizes.</summary>
    public const int BlockRows = 10, BlockColumns = 7;

    readonly List<(string Name, string Type, long[] Shape, byte[] Data)> _tensors = [];
    readonly Random _random = new(7);
    readonly PackedModelKind _kind;

    public PackedModel(PackedModelKind kind)
    {
        _kind = kind;
        foreach ((string name, long[] shape) in SyntheticModel.Tensors)
        {
            if (!name.Contains("_proj"))
                AddPlain(name, shape);
            else if (kind == PackedModelKind.Awq)
                AddAwq(name[..^".weight".Length], (int)shape[0], (int)shape[1]);
            else if (kind is PackedModelKind.Gptq or PackedModelKind.GptqActOrder or PackedModelKind.GptqSecondFormat)
                AddGptq(name[..^".weight".Length], (int)shape[0], (int)shape[1]);
            else
                AddFloat8(name, (int)shape[0], (int)shape[1]);
        }
    }

    /// <summary>What each packed matrix [outputs, inputs] stands for.</summary>
    public Dictionary<string, double[]> Expected { get; } = [];

    public string Config => SyntheticModel.Config.Replace("\"tie_word_embeddings\"",
        $"\"quantization_config\":{Quantization},\"tie_word_embeddings\"");

    public ModelSource Source => SyntheticModel.Source(
        ("config.json", Encoding.UTF8.GetBytes(Config)), ("model.safetensors", Build()));

    string Quantization => _kind switch
    {
        PackedModelKind.Awq =>
            """{"quant_method":"awq","bits":4,"group_size":8,"version":"GEMM","zero_point":true}""",
        PackedModelKind.Gptq =>
            """{"quant_method":"gptq","bits":4,"group_size":8,"desc_act":false,"sym":true}""",
        PackedModelKind.GptqActOrder =>
            """{"quant_method":"gptq","bits":4,"group_size":8,"desc_act":true,"checkpoint_format":"gptq"}""",
        PackedModelKind.GptqSecondFormat =>
            """{"quant_method":"gptq","bits":4,"group_size":-1,"checkpoint_format":"gptq_v2"}""",
        PackedModelKind.Float8Blocks =>
            """{"quant_method":"fp8","fmt":"e4m3","activation_scheme":"dynamic","weight_block_size":[10,7]}""",
        PackedModelKind.Float8Channels => """
            {"quant_method":"compressed-tensors","format":"float-quantized","config_groups":{"group_0":
            {"weights":{"num_bits":8,"type":"float","strategy":"channel"}}}}
            """,
        _ => """
            {"quant_method":"compressed-tensors","format":"naive-quantized","config_groups":{"group_0":
            {"weights":{"num_bits":8,"type":"float","strategy":"tensor"}}}}
            """,
    };

    /// <summary>The weights as a safetensors file.</summary>
    public byte[] Build()
    {
        var header = new StringBuilder();
        long begin = 0;
        foreach ((string name, string type, long[] shape, byte[] data) in _tensors)
        {
            header.Append($"{(begin > 0 ? "," : "{")}\"{name}\":{{\"dtype\":\"{type}\",");
            header.Append($"\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{begin},{begin + data.Length}]}}");
            begin += data.Length;
        }
        byte[] file = SyntheticModel.File(header.Append('}').ToString(), (int)begin);
        long at = file.Length - begin;
        foreach ((_, _, _, byte[] data) in _tensors)
        {
            data.CopyTo(file, at);
            at += data.Length;
        }
        return file;
    }

    /// <summary>Changes a stored tensor.</summary>
    public void Change(string name, Func<(string Type, long[] Shape, byte[] Data), (string, long[], byte[])> change)
    {
        int at = _tensors.FindIndex(tensor => tensor.Name == name);
        (string type, long[] shape, byte[] data) = change((_tensors[at].Type, _tensors[at].Shape, _tensors[at].Data));
        _tensors[at] = (name, type, shape, data);
    }

    public void Remove(string name) => _tensors.RemoveAll(tensor => tensor.Name == name);

    public void Add(string name, string type, long[] shape, byte[] data) => _tensors.Add((name, type, shape, data));

    void AddPlain(string name, long[] shape)
    {
        byte[] data = new byte[2 * shape.Aggregate(1L, (product, dimension) => product * dimension)];
        for (int i = 1; i < data.Length; i += 2)
            data[i] = 0x3F;
        _tensors.Add((name, "BF16", shape, data));
    }

    void AddAwq(string name, int outputs, int inputs)
    {
        // The order in which AWQ's writer puts 8 outputs into a word, the lowest nibble first.
        int[] order = [0, 2, 4, 6, 1, 3, 5, 7];
        int groups = inputs / GroupSize;
        int[,] codes = Random(inputs, outputs, 16), zeros = Random(groups, outputs, 16);
        Half[,] scales = Scales(groups, outputs);
        AddWords(name + ".qweight", inputs, outputs / 8, (i, w) => Word(n => codes[i, 8 * w + order[n]]));
        AddWords(name + ".qzeros", groups, outputs / 8, (g, w) => Word(n => zeros[g, 8 * w + order[n]]));
        AddHalves(name + ".scales", scales);
        Expect(name + ".weight", outputs, inputs, (o, i) =>
            (codes[i, o] - zeros[i / GroupSize, o]) * (double)scales[i / GroupSize, o]);
    }

    void AddGptq(string name, int outputs, int inputs)
    {
        int size = _kind == PackedModelKind.GptqSecondFormat ? inputs : GroupSize;
        int offset = _kind == PackedModelKind.GptqSecondFormat ? 0 : 1;
        int groups = inputs / size;
        int[] groupOf = [.. Enumerable.Range(0, inputs).Select(i => i / size)];
        if (_kind == PackedModelKind.GptqActOrder)
            _random.Shuffle(groupOf);
        int[,] codes = Random(inputs, outputs, 16), zeros = Random(groups, outputs, 16);
        Half[,] scales = Scales(groups, outputs);
        AddWords(name + ".qweight", inputs / 8, outputs, (w, o) => Word(n => codes[8 * w + n, o]));
        AddWords(name + ".qzeros", groups, outputs / 8, (g, w) => Word(n => zeros[g, 8 * w + n]));
        AddHalves(name + ".scales", scales);
        if (_kind != PackedModelKind.GptqSecondFormat)
            AddWords(name + ".g_idx", 1, inputs, (_, i) => (uint)groupOf[i], isVector: true);
        _tensors.Add((name + ".bias", "F16", [outputs], new byte[outputs * 2]));
        Expect(name + ".weight", outputs, inputs, (o, i) =>
            (codes[i, o] - (zeros[groupOf[i], o] + offset) % 16) * (double)scales[groupOf[i], o]);
    }

    void AddFloat8(string name, int outputs, int inputs)
    {
        int rows = _kind == PackedModelKind.Float8Blocks ? BlockRows
            : _kind == PackedModelKind.Float8Channels ? 1 : outputs;
        int columns = _kind == PackedModelKind.Float8Blocks ? BlockColumns : inputs;
        int[,] codes = Random(outputs, inputs, 256);
        for (int o = 0; o < outputs; o++)
        {
            for (int i = 0; i < inputs; i++)
                codes[o, i] = codes[o, i] % 128 == 127 ? 0 : codes[o, i];
        }
        (int down, int across) = ((outputs + rows - 1) / rows, (inputs + columns - 1) / columns);
        float[] scales = [.. Enumerable.Range(0, down * across).Select(_ => (float)_random.NextDouble() + 0.01f)];
        _tensors.Add((name, "F8_E4M3", [outputs, inputs], [.. codes.Cast<int>().Select(code => (byte)code)]));
        bool isScalar = _kind == PackedModelKind.Float8Tensor;
        _tensors.Add((name + (_kind == PackedModelKind.Float8Blocks ? "_scale_inv" : "_scale"), "F32",
            isScalar ? [] : [down, across], [.. scales.SelectMany(BitConverter.GetBytes)]));
        _tensors.Add((name[..^".weight".Length] + ".input_scale", "F32", [1], BitConverter.GetBytes(0.5f)));
        Expect(name, outputs, inputs, (o, i) =>
        {
            (int exponent, int mantissa) = (codes[o, i] / 8 % 16, codes[o, i] % 8);
            double value = exponent == 0 ? mantissa / 512.0 : (1 + mantissa / 8.0) * Math.Pow(2, exponent - 7);
            return (codes[o, i] < 128 ? value : -value) * scales[o / rows * across + i / columns];
        });
    }

    void AddWords(string name, int rows, int columns, Func<int, int, uint> word, bool isVector = false)
    {
        byte[] data = new byte[rows * columns * 4];
        for (int i = 0; i < rows * columns; i++)
            BitConverter.TryWriteBytes(data.AsSpan(4 * i), word(i / columns, i % columns));
        _tensors.Add((name, "I32", isVector ? [columns] : [rows, columns], data));
    }

    void AddHalves(string name, Half[,] values) =>
        _tensors.Add((name, "F16", [values.GetLength(0), values.GetLength(1)],
            [.. values.Cast<Half>().SelectMany(BitConverter.GetBytes)]));

    void Expect(string name, int outputs, int inputs, Func<int, int, double> value)
    {
        double[] expected = new double[outputs * inputs];
        for (int i = 0; i < expected.Length; i++)
            expected[i] = value(i / inputs, i % inputs);
        Expected.Add(name, expected);
    }

    static uint Word(Func<int, int> nibble)
    {
        uint word = 0;
        for (int n = 0; n < 8; n++)
            word |= (uint)nibble(n) << (4 * n);
        return word;
    }

    int[,] Random(int rows, int columns, int below)
    {
        int[,] values = new int[rows, columns];
        for (int i = 0; i < rows * columns; i++)
            values[i / columns, i % columns] = _random.Next(below);
        return values;
    }

    Half[,] Scales(int rows, int columns)
    {
        var values = new Half[rows, columns];
        for (int i = 0; i < rows * columns; i++)
            values[i / columns, i % columns] = (Half)(_random.NextDouble() + 0.01);
        return values;
    }
}
