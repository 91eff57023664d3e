using System.Text;
using Google.Protobuf;

namespace IlgpuDca.Loader;

/// <summary>The contents of a SentencePiece tokenizer.model, read from protobuf's wire format.</summary>
/// <remarks>
/// Fields read: ModelProto 1 pieces (1 text, 2 score, 3 kind), 2 trainer (3 model type, 35 byte fallback,
/// 40 unk, 41 bos, 42 eos), 3 normalizer (2 character map, 3 dummy prefix, 4 extra whitespace, 5 escape whitespace).
/// </remarks>
sealed class SentencePieceModel
{
    const int LargestFile = 32 << 20;
    const int MostPieces = 1 << 20;
    const int BytePairEncoding = 2;
    static readonly UTF8Encoding s_strictUtf8 = new(false, throwOnInvalidBytes: true);

    readonly string _file;
    readonly byte[] _bytes;
    readonly CodedInputStream _input;

    SentencePieceModel(string file, byte[] bytes)
    {
        (_file, _bytes) = (file, bytes);
        _input = new CodedInputStream(bytes);
    }

    public List<SentencePiece> Pieces { get; } = [];

    public int ModelType { get; private set; } = 1;

    public bool ByteFallback { get; private set; }

    public int BosId { get; private set; } = 1;

    public int EosId { get; private set; } = 2;

    public bool AddDummyPrefix { get; private set; } = true;

    bool _hasCharacterMap;
    bool _removesExtraWhitespace = true;
    bool _escapesWhitespace = true;

    /// <summary>Reads a file of the Llama-2 recipe; throws <see cref="ModelFormatException"/>.</summary>
    public static SentencePieceModel Read(FileBytes file)
    {
        var model = new SentencePieceModel(file.Name, file.ToArray(LargestFile));
        try
        {
            model.ReadModel();
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or DecoderFallbackException)
        {
            throw new ModelFormatException(file.Name,
                $"is no SentencePiece model: damaged near byte {model._input.Position}. Fix: download it again.", e);
        }
        model.CheckRecipe();
        return model;
    }

    /// <summary>What encoding needs of it.</summary>
    public SentencePieceData Data => new(Pieces, BosId, EosId, AddDummyPrefix, Fault);

    public ModelFormatException Fault(string what) =>
        new(_file, $"{what}. Fix: use the tokenizer.model that came with the weights.");

    void ReadModel()
    {
        while (_input.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case (1, WireFormat.WireType.LengthDelimited):
                    ReadPiece();
                    break;
                case (2, WireFormat.WireType.LengthDelimited):
                    ReadMessage(ReadTrainerField);
                    break;
                case (3, WireFormat.WireType.LengthDelimited):
                    ReadMessage(ReadNormalizerField);
                    break;
                default:
                    _input.SkipLastField();
                    break;
            }
        }
    }

    void ReadPiece()
    {
        string text = "";
        float score = 0;
        var kind = TokenKind.Normal;
        ReadMessage(tag =>
        {
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case (1, WireFormat.WireType.LengthDelimited):
                    text = s_strictUtf8.GetString(_input.ReadBytes().Span);
                    break;
                case (2, WireFormat.WireType.Fixed32):
                    score = _input.ReadFloat();
                    break;
                case (3, WireFormat.WireType.Varint):
                    kind = (TokenKind)_input.ReadInt32();
                    break;
                default:
                    _input.SkipLastField();
                    break;
            }
        });
        if (Pieces.Count == MostPieces)
            throw Fault($"has more than {MostPieces} pieces");
        if (text.Length == 0)
            throw Fault($"piece {Pieces.Count} is empty, expected text");
        if (!float.IsFinite(score))
            throw Fault($"piece {Pieces.Count} {ModelFormatException.Quote(text)} has the score {score}, "
                + "expected a number");
        Pieces.Add(new SentencePiece(text, score, kind));
    }

    void ReadTrainerField(uint tag)
    {
        switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
        {
            case (3, WireFormat.WireType.Varint):
                ModelType = _input.ReadInt32();
                break;
            case (35, WireFormat.WireType.Varint):
                ByteFallback = _input.ReadBool();
                break;
            case (41, WireFormat.WireType.Varint):
                BosId = _input.ReadInt32();
                break;
            case (42, WireFormat.WireType.Varint):
                EosId = _input.ReadInt32();
                break;
            default:
                _input.SkipLastField();
                break;
        }
    }

    void ReadNormalizerField(uint tag)
    {
        switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
        {
            case (2, WireFormat.WireType.LengthDelimited):
                _hasCharacterMap = _input.ReadBytes().Length > 0;
                break;
            case (3, WireFormat.WireType.Varint):
                AddDummyPrefix = _input.ReadBool();
                break;
            case (4, WireFormat.WireType.Varint):
                _removesExtraWhitespace = _input.ReadBool();
                break;
            case (5, WireFormat.WireType.Varint):
                _escapesWhitespace = _input.ReadBool();
                break;
            default:
                _input.SkipLastField();
                break;
        }
    }

    /// <summary>Reads the fields of an embedded message up to its end, which no field may cross.</summary>
    void ReadMessage(Action<uint> readField)
    {
        int length = _input.ReadLength();
        if (length < 0 || length > _bytes.Length - _input.Position)
            throw Fault($"is cut: a part of {length} bytes begins at byte {_input.Position} of {_bytes.Length}");
        long end = _input.Position + length;
        while (_input.Position < end)
            readField(_input.ReadTag());
        if (_input.Position != end)
            throw Fault($"is damaged: the part that ends at byte {end} has a field that crosses its end");
    }

    void CheckRecipe()
    {
        if (Pieces.Count == 0)
            throw Fault("has no pieces: it is no SentencePiece model");
        if (ModelType != BytePairEncoding)
            throw Fault($"has the model type {ModelType}, but only {BytePairEncoding} (BPE) is supported");
        if (!ByteFallback)
            throw Fault("has byte_fallback off, but only BPE with byte fallback is supported");
        if (_hasCharacterMap || _removesExtraWhitespace || !_escapesWhitespace)
            throw Fault("normalises text (precompiled_charsmap, remove_extra_whitespaces, no escape_whitespaces), "
                + "but only the identity with escaped spaces is supported");
    }
}
