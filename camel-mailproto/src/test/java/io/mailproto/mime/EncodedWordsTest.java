package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedWordsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            no words at all|no words at all
            =?utf-8?B?R3LDvMOfZQ==?=|Grüße
            =?UTF-8?q?Gr=C3=BC=C3=9Fe_aus_Bonn?=|Grüße aus Bonn
            =?iso-8859-1?Q?caf=E9?= au lait|café au lait
            before =?utf-8?Q?=E2=82=AC?= behind|before € behind
            =?utf-8?Q?one?= =?utf-8?Q?two?=|onetwo
            =?utf-8?Q?one?=  \t =?iso-8859-1?Q?tw=F6?=|onetwö
            =?utf-8?Q?one?= and =?utf-8?Q?two?=|one and two
            =?utf-8?Q?=E4=BD?= =?utf-8?Q?=A0=E5=A5=BD?=|你好
            =?utf-8?B?5L2g5Q==?= =?utf-8?B?pb0=?=|你好
            =?utf-8?B?5L2g?==?utf-8?B?5aW9?=|你好
            =?utf-8?B?R3LDvMOfZQ?=|Grüße
            =?gb2312?B?u+HS6c2o1qo=?=|会议通知
            =?GBK?Q?=BB=E1=D2=E9?=|会议
            =?big5?B?t3zEsw==?=|會議
            =?iso-2022-jp?B?GyRCMnE1RBsoQg==?=|会議
            =?shift_jis?B?ie+LYw==?=|会議
            =?euc-kr?B?yLjAxw==?=|회의
            =?ks_c_5601-1987?B?yLjAxw==?=|회의
            =?koi8-r?B?79TexdQ=?=|Отчет
            =?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=|Grüße
            "=?utf-8?Q?M=C3=BCller=2C_Ann?=" <ann@example.com>|"Müller, Ann" <ann@example.com>
            glued=?utf-8?Q?=C3=A4?=together|gluedätogether
            =?utf-8?Q?a blank inside?=|a blank inside
            =?utf-8?Q?odd =XY hex=4?=|odd =XY hex=4
            =?utf-8?Q??=|
            =?x-never-heard?Q?abc?=|=?x-never-heard?Q?abc?=
            =?utf-8?X?abc?=|=?utf-8?X?abc?=
            =?utf-8?Q?never ends|=?utf-8?Q?never ends
            =?|=?
            =?utf-8?B?5L2 =?utf-8?B?5L2g?=|=?utf-8?B?5L2 你
            a =? b ?= c|a =? b ?= c
            =?x-never-heard?Q?abc?= =?utf-8?Q?=C3=A4?=|=?x-never-heard?Q?abc?= ä
            =?us-ascii?Q?=C3=A4?=|ä
            """)
    void decodesWordsAsTheyOccur(String encoded, String decoded) {
        assertThat(EncodedWords.decode(encoded)).isEqualTo(decoded == null ? "" : decoded);
    }
}
